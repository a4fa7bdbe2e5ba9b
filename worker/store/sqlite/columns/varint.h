// LEB128 numbers: seven bits a byte, the lowest first; the highest bit says that another byte follows.
//
// Numbers are below 2^63 and take nine bytes at most. Reading is safe for any bytes and accepts only what PutVarint
// writes: no number has two spellings.
#ifndef PAGE_COUNT_STORE_SQLITE_COLUMNS_VARINT_H_
#define PAGE_COUNT_STORE_SQLITE_COLUMNS_VARINT_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace page_count {

inline void PutVarint(std::string& out, uint64_t number) {
  while (number >= 0x80) {
    out.push_back(static_cast<char>(number | 0x80));
    number >>= 7;
  }
  out.push_back(static_cast<char>(number));
}

// Reads bytes that outlive it.
class VarintReader {
 public:
  explicit VarintReader(std::string_view in) : at_(in.data()), end_(in.data() + in.size()) {}

  bool at_end() const { return at_ == end_; }

  // Takes the next number; false if there is none, or none that PutVarint writes.
  bool Take(uint64_t& number) {
    // Almost all numbers of a column have one byte or two.
    if (end_ - at_ >= 2) {
      const uint64_t first = Byte(0);
      const uint64_t second = Byte(1);
      if (first < 0x80) {
        number = first;
        at_ += 1;
        return true;
      }
      if (second - 1 < 0x7f) {
        number = (first & 0x7f) | second << 7;
        at_ += 2;
        return true;
      }
    }
    return TakeOfAnyLength(number);
  }

  // Adds the next kAtOnce numbers to `sum`, one after the other, and puts each sum in `sums`. False, with nothing
  // taken, unless each of them has one byte and is not 0.
  static constexpr size_t kAtOnce = 8;
  bool TakeSums(uint64_t& sum, int64_t* sums) {
    constexpr uint64_t kOnes = 0x0101'0101'0101'0101;
    if (end_ - at_ < static_cast<std::ptrdiff_t>(kAtOnce)) return false;
    uint64_t bytes;
    std::memcpy(&bytes, at_, kAtOnce);
    // The highest bits say that there is a longer number, or if 1 is taken from each byte, that there is a 0.
    if (((bytes | (bytes - kOnes)) & 0x80 * kOnes) != 0) return false;
    for (size_t i = 0; i < kAtOnce; ++i) {
      sum += Byte(i);
      sums[i] = static_cast<int64_t>(sum);
    }
    at_ += kAtOnce;
    return true;
  }

 private:
  uint64_t Byte(size_t offset) const { return static_cast<uint8_t>(at_[offset]); }

  bool TakeOfAnyLength(uint64_t& number) {
    number = 0;
    for (unsigned shift = 0; at_ != end_ && shift < 63; shift += 7) {
      const uint64_t byte = Byte(0);
      ++at_;
      number |= (byte & 0x7f) << shift;
      if (byte < 0x80) return byte != 0 || shift == 0;
    }
    return false;
  }

  const char* at_;
  const char* end_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_COLUMNS_VARINT_H_
