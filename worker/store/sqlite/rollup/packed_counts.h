// How many visits each of some ids has (user agents, pages, clients): a small map, packed into a rollup row as a blob.
//
// Packed: for each id, ascending, two LEB128 numbers: its distance from the one before, and the count (> 0). Values own
// their data; any thread. Unpacking bytes that are no such blob gives what can be read of them: `page-count check`
// finds such damage.
#ifndef PAGE_COUNT_STORE_SQLITE_ROLLUP_PACKED_COUNTS_H_
#define PAGE_COUNT_STORE_SQLITE_ROLLUP_PACKED_COUNTS_H_

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace page_count {

class PackedCounts {
 public:
  struct Entry {
    int64_t id;
    int64_t visits;
    bool operator==(const Entry&) const = default;
  };

  static PackedCounts Unpack(std::string_view blob);
  // Calls `take(id, visits)` for each entry of a blob.
  template <typename Take>
  static void ForEach(std::string_view blob, Take take);
  std::string Pack() const;

  void Add(int64_t id, int64_t visits);
  void Add(const PackedCounts& other);
  bool Has(int64_t id) const;
  // The same, in that many chunks of about as many ids; in fewer if there are fewer ids.
  std::vector<PackedCounts> Split(size_t chunks) const;

  // Ascending by id, none of them zero.
  const std::vector<Entry>& entries() const { return entries_; }
  bool operator==(const PackedCounts&) const = default;

 private:
  // Takes one number off the front; false if the bytes end first.
  static bool TakeNumber(std::string_view& in, uint64_t& number) {
    number = 0;
    for (unsigned shift = 0; !in.empty() && shift < 64; shift += 7) {
      const auto byte = static_cast<uint8_t>(in.front());
      in.remove_prefix(1);
      number |= static_cast<uint64_t>(byte & 0x7f) << shift;
      if ((byte & 0x80) == 0) return true;
    }
    return false;
  }

  std::vector<Entry> entries_;
};

template <typename Take>
void PackedCounts::ForEach(std::string_view blob, Take take) {
  constexpr uint64_t kMaxNumber = std::numeric_limits<int64_t>::max();
  uint64_t distance = 0;
  uint64_t visits = 0;
  uint64_t id = 0;
  while (TakeNumber(blob, distance) && TakeNumber(blob, visits)) {
    const bool written_by_pack = distance > 0 && distance <= kMaxNumber - id && visits > 0 && visits <= kMaxNumber;
    if (!written_by_pack) break;
    id += distance;
    take(static_cast<int64_t>(id), static_cast<int64_t>(visits));
  }
}

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_ROLLUP_PACKED_COUNTS_H_
