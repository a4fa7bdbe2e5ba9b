// Finds the first of several bytes in a text, eight bytes at a time. Pure, any thread.
#ifndef PAGE_COUNT_BASE_BYTE_SEARCH_H_
#define PAGE_COUNT_BASE_BYTE_SEARCH_H_

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace page_count {

static_assert(std::endian::native == std::endian::little, "the first byte is a word's lowest");

inline constexpr uint64_t kEachByte = 0x0101'0101'0101'0101;
inline constexpr uint64_t kTopBits = 0x80 * kEachByte;

// These mark bytes of a word by their top bits. Behind the first byte that is marked, others may be marked wrongly.
constexpr uint64_t MarkBelow(uint64_t word, unsigned char limit) {
  return (word - limit * kEachByte) & ~word & kTopBits;
}
constexpr uint64_t MarkByte(uint64_t word, char byte) {
  return MarkBelow(word ^ static_cast<unsigned char>(byte) * kEachByte, 1);
}
constexpr uint64_t MarkNonAscii(uint64_t word) { return word & kTopBits; }

// The first byte that `mark` marks in words; `end` if there is none.
template <typename Mark>
const char* FindMarked(const char* at, const char* end, Mark mark) {
  constexpr size_t kWord = sizeof(uint64_t);
  while (at < end) {
    uint64_t word = 0;
    const size_t bytes = std::min(kWord, static_cast<size_t>(end - at));
    if (bytes == kWord) {
      std::memcpy(&word, at, kWord);
    } else {
      std::memcpy(&word, at, bytes);
    }
    if (const uint64_t marks = mark(word); marks != 0) return std::min(at + std::countr_zero(marks) / 8, end);
    at += bytes;
  }
  return end;
}

}  // namespace page_count

#endif  // PAGE_COUNT_BASE_BYTE_SEARCH_H_
