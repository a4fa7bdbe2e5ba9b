#include "worker/store/sqlite/columns/key_sort.h"

#include <array>
#include <cstddef>

namespace page_count {
namespace {

constexpr int kDigitBits = 11;  // the counts of a round fit into the processor's nearest cache
constexpr size_t kDigits = size_t{1} << kDigitBits;
constexpr int kKeyBits = 63;

size_t DigitOf(int64_t key, int shift) { return static_cast<size_t>(key >> shift) % kDigits; }

// Keys with the same digit stay in their order.
void SortByDigit(const std::vector<int64_t>& from, std::vector<int64_t>& to, int shift) {
  std::array<uint32_t, kDigits> places = {};
  for (const int64_t key : from) ++places[DigitOf(key, shift)];
  uint32_t place = 0;
  for (uint32_t& count : places) {
    const uint32_t keys = count;
    count = place;
    place += keys;
  }
  for (const int64_t key : from) to[places[DigitOf(key, shift)]++] = key;
}

}  // namespace

void SortKeys(std::vector<int64_t>& keys) {
  if (keys.empty()) return;
  int64_t different = 0;
  for (const int64_t key : keys) different |= key ^ keys.front();
  std::vector<int64_t> next(keys.size());
  for (int shift = 0; shift < kKeyBits; shift += kDigitBits) {
    if (DigitOf(different, shift) == 0) continue;
    SortByDigit(keys, next, shift);
    keys.swap(next);
  }
}

}  // namespace page_count
