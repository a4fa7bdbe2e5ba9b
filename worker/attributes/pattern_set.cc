#include "worker/attributes/pattern_set.h"

#include <re2/re2.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "worker/base/ascii.h"

namespace page_count {
namespace {

constexpr int64_t kMaxBytes = int64_t{1} << 20;  // of one expression's automaton

// Of bytes, and so are the strings that RE2 wants to be looked for: only the case of ASCII letters may differ.
re2::RE2::Options Options() {
  re2::RE2::Options options(re2::RE2::Latin1);
  options.set_max_mem(kMaxBytes);
  options.set_log_errors(false);
  return options;
}

// Adds the expressions and returns the strings to look for.
std::vector<std::string> Compile(std::span<const std::string_view> patterns, re2::FilteredRE2& compiled) {
  for (const std::string_view pattern : patterns) {
    int index = 0;
    if (const auto code = compiled.Add(pattern, Options(), &index); code != re2::RE2::NoError) {
      throw std::invalid_argument("no expression that RE2 takes: " + std::string(pattern));
    }
  }
  std::vector<std::string> strings;
  compiled.Compile(&strings);
  return strings;
}

}  // namespace

PatternSet::PatternSet(std::span<const std::string_view> patterns)
    : patterns_(SubstringIndex::kMinBytes), required_strings_(Compile(patterns, patterns_)) {}

std::optional<size_t> PatternSet::First(std::string_view text) const {
  const int index = patterns_.FirstMatch(text, required_strings_.FoundIn(ToLower(text)));
  if (index < 0) return std::nullopt;
  return static_cast<size_t>(index);
}

}  // namespace page_count
