#include "worker/store/sqlite/question/code_counts.h"

namespace page_count {
namespace {

// Of a few codes, equal ones often come close together, and a count would have to wait for the one before it. So each
// of four neighbours has an array of its own.
constexpr size_t kArrays = 4;
constexpr size_t kFewCodes = 2'048;

}  // namespace

std::span<const uint32_t> CodeCounts::Count(std::span<const uint16_t> codes, size_t codes_end) {
  size_t at = 0;
  if (codes_end > kFewCodes) {
    counts_.assign(codes_end, 0);
  } else {
    counts_.assign(kArrays * codes_end, 0);
    uint32_t* const counts = counts_.data();
    for (; at + kArrays <= codes.size(); at += kArrays) {
      ++counts[codes[at]];
      ++counts[codes_end + codes[at + 1]];
      ++counts[2 * codes_end + codes[at + 2]];
      ++counts[3 * codes_end + codes[at + 3]];
    }
    for (size_t code = 0; code < codes_end; ++code) {
      counts[code] += counts[codes_end + code] + counts[2 * codes_end + code] + counts[3 * codes_end + code];
    }
  }
  for (; at < codes.size(); ++at) ++counts_[codes[at]];
  return {counts_.data(), codes_end};
}

}  // namespace page_count
