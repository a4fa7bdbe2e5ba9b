// One character of UTF-8 text at a time, checked as RFC 3629 asks: no overlong form, no surrogate, nothing above
// U+10FFFF.
//
// Pure function, any thread. Reads bytes from strangers.
#ifndef PAGE_COUNT_VISITS_UTF8_H_
#define PAGE_COUNT_VISITS_UTF8_H_

#include <cstddef>
#include <string_view>

namespace page_count {

struct Utf8Character {
  char32_t code_point = 0;
  size_t bytes = 0;  // 0: the text is empty or does not start with a valid character
};

[[nodiscard]] Utf8Character FirstUtf8Character(std::string_view text);

}  // namespace page_count

#endif  // PAGE_COUNT_VISITS_UTF8_H_
