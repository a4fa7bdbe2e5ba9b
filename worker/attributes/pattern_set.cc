#include "worker/attributes/pattern_set.h"

#include <re2/re2.h>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <vector>

namespace page_count {
namespace {

constexpr int64_t kMaxBytes = int64_t{64} << 20;

re2::RE2::Options SetOptions() {
  re2::RE2::Options options;
  options.set_max_mem(kMaxBytes);
  options.set_log_errors(false);
  return options;
}

}  // namespace

PatternSet::PatternSet(std::span<const std::string_view> patterns) : set_(SetOptions(), re2::RE2::UNANCHORED) {
  for (const std::string_view pattern : patterns) {
    std::string error;
    if (set_.Add(pattern, &error) < 0) throw std::invalid_argument(std::string(pattern) + ": " + error);
  }
  if (!set_.Compile()) throw std::invalid_argument("the patterns together need more memory than a set may have");
}

std::optional<size_t> PatternSet::First(std::string_view text) const {
  std::vector<int> matches;
  if (!set_.Match(text, &matches)) return std::nullopt;
  return static_cast<size_t>(*std::min_element(matches.begin(), matches.end()));
}

}  // namespace page_count
