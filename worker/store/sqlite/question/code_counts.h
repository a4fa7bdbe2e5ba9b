// How many of a block's visits have each code: the inner loop of every count.
//
// Owns the array that it counts in, for the next block. One thread's.
#ifndef PAGE_COUNT_STORE_SQLITE_QUESTION_CODE_COUNTS_H_
#define PAGE_COUNT_STORE_SQLITE_QUESTION_CODE_COUNTS_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace page_count {

class CodeCounts {
 public:
  // By code; each is below `codes_end`. Valid until the next call.
  std::span<const uint32_t> Count(std::span<const uint16_t> codes, size_t codes_end);

 private:
  std::vector<uint32_t> counts_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_QUESTION_CODE_COUNTS_H_
