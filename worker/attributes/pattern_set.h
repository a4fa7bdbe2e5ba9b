// A list of regular expressions, matched all at once: which is the first that a text has a match of.
//
// RE2's, so that the time is linear in the text whatever it says. An expression is tried only on a text that has the
// strings which each of its matches must have (RE2 tells them). Neither one expression joined with `|`, a thousand
// times slower, nor an RE2::Set, whose automaton grew to 70 MiB on a few thousand agents. Without regard to case means
// that of ASCII letters. Immutable, any thread.
#ifndef PAGE_COUNT_ATTRIBUTES_PATTERN_SET_H_
#define PAGE_COUNT_ATTRIBUTES_PATTERN_SET_H_

#include <re2/filtered_re2.h>

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "worker/attributes/substring_index.h"

namespace page_count {

class PatternSet {
 public:
  // Throws std::invalid_argument if one is not in RE2's syntax.
  explicit PatternSet(std::span<const std::string_view> patterns);

  // The lowest index of those that match, anywhere in the text.
  std::optional<size_t> First(std::string_view text) const;

 private:
  re2::FilteredRE2 patterns_;
  SubstringIndex required_strings_;  // in small letters
};

}  // namespace page_count

#endif  // PAGE_COUNT_ATTRIBUTES_PATTERN_SET_H_
