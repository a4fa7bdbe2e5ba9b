// Sets of small numbers as bits: which are in, and how many.
#ifndef PAGE_COUNT_STORE_SQLITE_QUESTION_VALUE_BITS_H_
#define PAGE_COUNT_STORE_SQLITE_QUESTION_VALUE_BITS_H_

#include <cstddef>
#include <cstdint>
#include <span>

namespace page_count {

constexpr size_t WordsOfBits(size_t values_end) { return values_end / 64 + 1; }

// Returns whether it was not set.
inline bool SetBit(std::span<uint64_t> bits, size_t value) {
  uint64_t& word = bits[value / 64];
  const bool is_new = (word >> value % 64 & 1) == 0;
  word |= uint64_t{1} << value % 64;
  return is_new;
}

// By shifts and sums, which the compiler makes of several words at once, as it does not of std::popcount.
inline int64_t CountBits(std::span<const uint64_t> words) {
  uint64_t count = 0;
  for (uint64_t word : words) {
    word -= word >> 1 & 0x5555'5555'5555'5555;
    word = (word & 0x3333'3333'3333'3333) + (word >> 2 & 0x3333'3333'3333'3333);
    word = (word + (word >> 4)) & 0x0f0f'0f0f'0f0f'0f0f;
    word += word >> 8;
    word += word >> 16;
    word += word >> 32;
    count += word & 0x7f;
  }
  return static_cast<int64_t>(count);
}

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_QUESTION_VALUE_BITS_H_
