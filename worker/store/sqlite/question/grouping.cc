#include "worker/store/sqlite/question/grouping.h"

#include <algorithm>
#include <utility>

namespace page_count {
namespace {

constexpr int64_t kMostDense = 4 << 20;

int64_t KeyOf(const VisitRow& visit, Dimension dimension) {
  switch (dimension) {
    case Dimension::kPage:
      return visit.page;
    case Dimension::kClient:
      return visit.client;
    case Dimension::kAgent:
      return visit.agent;
    case Dimension::kHour:
      return HourOf(TimeOf(visit.id));
  }
  return 0;
}

}  // namespace

Grouping::Grouping(std::vector<Dimension> group_by, const std::vector<Keys>& keys) : group_by_(std::move(group_by)) {
  std::copy(keys.begin(), keys.end(), keys_.begin());
  is_dense_ = keys_[0].count <= kMostDense && keys_[1].count <= kMostDense / keys_[0].count;
}

void Grouping::Number(BlockVisits& visits, std::vector<uint32_t>& groups) {
  std::vector<uint64_t> places(visits.size());
  for (size_t dimension = 0; dimension < group_by_.size(); ++dimension) {
    AddPlaces(visits, dimension, dimension + 1 < group_by_.size() ? keys_[1].count : 1, places);
  }
  const size_t first = groups.size();
  groups.resize(first + places.size());
  if (is_dense_) {
    std::transform(places.begin(), places.end(), groups.begin() + static_cast<std::ptrdiff_t>(first),
                   [](uint64_t place) { return static_cast<uint32_t>(place); });
    return;
  }
  for (size_t i = 0; i < places.size(); ++i) {
    const auto [number, is_new] = numbers_.try_emplace(places[i], static_cast<uint32_t>(given_.size()));
    if (is_new) given_.push_back(places[i]);
    groups[first + i] = number->second;
  }
}

void Grouping::AddPlaces(BlockVisits& visits, size_t dimension, int64_t factor, std::span<uint64_t> places) const {
  if (group_by_[dimension] == Dimension::kHour) {
    AddHours(visits, keys_[dimension].first, factor, places);
    return;
  }
  const CodeColumn& column = visits.Column(group_by_[dimension]);
  std::vector<uint64_t> place_of_code(column.ids.size());
  std::transform(column.ids.begin(), column.ids.end(), place_of_code.begin(),
                 [&](int64_t id) { return static_cast<uint64_t>((id - keys_[dimension].first) * factor); });
  size_t at = 0;
  visits.ForEach([&](size_t visit) { places[at++] += place_of_code[column.codes[visit]]; });
}

// Times ascend, so an hour ends once.
void Grouping::AddHours(BlockVisits& visits, int64_t first, int64_t factor, std::span<uint64_t> places) const {
  const auto& times = visits.Times();
  size_t at = 0;
  VisitId hour_ends = kNoVisit;
  uint64_t place = 0;
  visits.ForEach([&](size_t visit) {
    if (times[visit] >= hour_ends) {
      const Hour hour = HourOf(TimeOf(times[visit]));
      hour_ends = FirstIdAt(StartOf(hour + 1));
      place = static_cast<uint64_t>((hour - first) * factor);
    }
    places[at++] += place;
  });
}

uint32_t Grouping::NumberOf(const VisitRow& visit) {
  uint64_t place = 0;
  for (size_t dimension = 0; dimension < group_by_.size(); ++dimension) {
    const int64_t factor = dimension + 1 < group_by_.size() ? keys_[1].count : 1;
    place += static_cast<uint64_t>((KeyOf(visit, group_by_[dimension]) - keys_[dimension].first) * factor);
  }
  if (is_dense_) return static_cast<uint32_t>(place);
  const auto [number, is_new] = numbers_.try_emplace(place, static_cast<uint32_t>(given_.size()));
  if (is_new) given_.push_back(place);
  return number->second;
}

std::array<int64_t, 2> Grouping::KeysOf(size_t group) const {
  const uint64_t place = is_dense_ ? group : given_[group];
  const auto second = static_cast<uint64_t>(keys_[1].count);
  if (group_by_.empty()) return {};
  if (group_by_.size() == 1) return {keys_[0].first + static_cast<int64_t>(place), 0};
  return {keys_[0].first + static_cast<int64_t>(place / second), keys_[1].first + static_cast<int64_t>(place % second)};
}

}  // namespace page_count
