// Strangers' text made fit to be kept: valid UTF-8 of a bounded length, on one line.
//
// Pure, any thread.
#ifndef PAGE_COUNT_VISITS_UTF8_TEXT_H_
#define PAGE_COUNT_VISITS_UTF8_TEXT_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace page_count {

// Without bytes that are no UTF-8; control characters and runs of white space are one blank, none at either end; cut on
// a character so that it has `most` bytes at the most.
std::string CleanLine(std::string_view text, size_t most);

}  // namespace page_count

#endif  // PAGE_COUNT_VISITS_UTF8_TEXT_H_
