// Texts compared without regard to the case of ASCII letters, as URL schemes and media types are. Pure, any thread.
#ifndef PAGE_COUNT_BASE_ASCII_H_
#define PAGE_COUNT_BASE_ASCII_H_

#include <algorithm>
#include <string>
#include <string_view>

namespace page_count {

constexpr char ToLower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

inline std::string ToLower(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) { return ToLower(c); });
  return lower;
}

// `lower` has no capital letters.
inline bool EqualsIgnoringCase(std::string_view text, std::string_view lower) {
  return std::equal(text.begin(), text.end(), lower.begin(), lower.end(),
                    [](char c, char wanted) { return ToLower(c) == wanted; });
}

inline bool StartsWithIgnoringCase(std::string_view text, std::string_view lower_prefix) {
  return EqualsIgnoringCase(text.substr(0, lower_prefix.size()), lower_prefix);
}

}  // namespace page_count

#endif  // PAGE_COUNT_BASE_ASCII_H_
