// The worker's log: one line an event on standard error, which the journal (or whoever started the worker) keeps.
//
// Any thread; a line is written whole.
#ifndef PAGE_COUNT_BASE_LOG_H_
#define PAGE_COUNT_BASE_LOG_H_

#include <string_view>

namespace page_count {

void LogLine(std::string_view message);

}  // namespace page_count

#endif  // PAGE_COUNT_BASE_LOG_H_
