#include "worker/store/sqlite/question/grouping.h"

#include <algorithm>

namespace page_count {
namespace {

constexpr int64_t kMostNumbers = 2 << 20;  // of a counter each
constexpr int kLowBits = 16;
constexpr int64_t kLowNumbers = int64_t{1} << kLowBits;

// Numbers each key of the visits by `number(how far it comes after the first)`.
template <typename Number>
NumberedVisits Numbered(BlockVisits& visits, const KeySpace& space, Number number) {
  const SelectedKeys selected = visits.KeysOf(space.dimension);
  NumberedVisits numbered{std::vector<uint32_t>(selected.keys.size()), selected.codes};
  std::transform(selected.keys.begin(), selected.keys.end(), numbered.numbers.begin(),
                 [&](int64_t key) { return static_cast<uint32_t>(number(key - space.first)); });
  return numbered;
}

}  // namespace

NumberedVisits NumberVisits(BlockVisits& visits, const KeySpace& space) {
  return Numbered(visits, space, [](int64_t place) { return place; });
}

Grouping::Grouping(std::vector<KeySpace> spaces, const Intervals& intervals)
    : intervals_(intervals),
      spaces_(std::move(spaces)),
      is_split_(spaces_.size() == 1 && spaces_[0].count > kMostNumbers) {
  if (spaces_.size() < 2 || spaces_[0].dimension == Dimension::kInterval) return;
  is_swapped_ = spaces_[1].dimension == Dimension::kInterval || spaces_[1].count < spaces_[0].count;
  if (is_swapped_) std::swap(spaces_[0], spaces_[1]);
}

size_t Grouping::firsts_end() const {
  return static_cast<size_t>(is_split_ ? (spaces_[0].count >> kLowBits) + 1 : spaces_[0].count);
}

size_t Grouping::seconds_end() const {
  if (!has_second()) return 1;
  return static_cast<size_t>(is_split_ ? kLowNumbers : spaces_[1].count);
}

NumberedVisits Grouping::FirstsOf(BlockVisits& visits) const {
  if (is_split_) return Numbered(visits, spaces_[0], [](int64_t place) { return place >> kLowBits; });
  return NumberVisits(visits, spaces_[0]);
}

NumberedVisits Grouping::SecondsOf(BlockVisits& visits) const {
  if (is_split_) return Numbered(visits, spaces_[0], [](int64_t place) { return place & (kLowNumbers - 1); });
  return NumberVisits(visits, spaces_[1]);
}

Figures::Row Grouping::RowOf(size_t first, size_t second, int64_t count) const {
  const auto high = static_cast<int64_t>(first);
  const auto low = static_cast<int64_t>(second);
  if (is_split_) return {{spaces_[0].first + (high << kLowBits | low), 0}, count};
  if (!has_second()) return {{spaces_[0].first + high, 0}, count};
  Figures::Row row{{spaces_[0].first + high, spaces_[1].first + low}, count};
  if (is_swapped_) std::swap(row.keys[0], row.keys[1]);
  return row;
}

size_t Grouping::FirstOf(const Figures::Row& row) const {
  const int64_t place = row.keys[is_swapped_ ? 1 : 0] - spaces_[0].first;
  return static_cast<size_t>(is_split_ ? place >> kLowBits : place);
}

std::pair<VisitId, VisitId> Grouping::RangeOf(size_t first, size_t end) const {
  if (spaces_[0].dimension != Dimension::kInterval || is_split_) return {kNoVisit, kAfterAllVisits};
  const auto start_of = [this](size_t number) {
    return FirstIdAt(intervals_.StartOf(spaces_[0].first + static_cast<int64_t>(number)));
  };
  return {start_of(first), start_of(end)};
}

}  // namespace page_count
