// A list of regular expressions, matched all at once: which is the first that a text has a match of.
//
// RE2's, so that the time is linear in the text whatever it says, and never one expression joined with `|`, which is a
// thousand times slower. Compiled by the constructor; its states are made as texts need them, up to 64 MiB: with the
// default of 8 they are thrown away and made again for each text. Immutable, any thread.
#ifndef PAGE_COUNT_ATTRIBUTES_PATTERN_SET_H_
#define PAGE_COUNT_ATTRIBUTES_PATTERN_SET_H_

#include <re2/set.h>

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace page_count {

class PatternSet {
 public:
  // Throws std::invalid_argument if one is not in RE2's syntax.
  explicit PatternSet(std::span<const std::string_view> patterns);

  // The lowest index of those that match, anywhere in the text.
  std::optional<size_t> First(std::string_view text) const;

 private:
  re2::RE2::Set set_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_ATTRIBUTES_PATTERN_SET_H_
