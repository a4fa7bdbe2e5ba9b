// Ranges of addresses of one size, each with its country, sorted: a lookup is a binary search.
//
// Ranges are added in any order, do not overlap, and are sorted once. 10 bytes a range of IPv4, 34 of IPv6. Any thread
// may look up once they are sorted.
#ifndef PAGE_COUNT_ATTRIBUTES_COUNTRY_RANGES_H_
#define PAGE_COUNT_ATTRIBUTES_COUNTRY_RANGES_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>
#include <vector>

namespace page_count {

template <typename Bytes>
class CountryRanges {
 public:
  struct Range {
    Bytes first;
    Bytes last;
    std::array<char, 2> country;
  };

  // Room for so many, of which only what is used becomes resident.
  void Reserve(size_t ranges) { ranges_.reserve(ranges); }
  void Add(const Range& range) { ranges_.push_back(range); }

  void Sort() {
    std::sort(ranges_.begin(), ranges_.end(), [](const Range& a, const Range& b) { return a.first < b.first; });
  }

  bool empty() const { return ranges_.empty(); }

  std::string_view Find(const Bytes& address) const {
    const auto after = std::upper_bound(ranges_.begin(), ranges_.end(), address,
                                        [](const Bytes& bytes, const Range& range) { return bytes < range.first; });
    if (after == ranges_.begin()) return {};
    const Range& range = *(after - 1);
    return range.last < address ? std::string_view() : std::string_view(range.country.data(), range.country.size());
  }

 private:
  std::vector<Range> ranges_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_ATTRIBUTES_COUNTRY_RANGES_H_
