#include "worker/store/sqlite/question/block_visits.h"

#include <algorithm>
#include <utility>

namespace page_count {

template <typename Take>
void BlockVisits::ForEach(Take take) const {
  if (positions_) {
    for (const uint16_t position : *positions_) take(static_cast<size_t>(position));
  } else {
    for (size_t position = begin_; position < end_; ++position) take(position);
  }
}

void BlockVisits::Select(VisitId from, VisitId before, const IdFilters& filters) {
  if (block_.first < from || block_.last >= before) {
    const auto& times = Times();
    begin_ = static_cast<size_t>(std::lower_bound(times.begin(), times.end(), from) - times.begin());
    end_ = static_cast<size_t>(std::lower_bound(times.begin(), times.end(), before) - times.begin());
    end_ = std::max(begin_, end_);  // the range may end before it begins
  }
  for (size_t column = 0; column < kColumns && size() > 0; ++column) {
    if (filters[column]) Filter(static_cast<Dimension>(column), *filters[column]);
  }
}

void BlockVisits::Filter(Dimension column, const std::vector<int64_t>& wanted) {
  const CodeColumn& codes = Column(column);
  std::vector<uint8_t> is_wanted(codes.ids.size());
  size_t found = 0;
  for (const int64_t id : wanted) {
    const auto at = std::lower_bound(codes.ids.begin(), codes.ids.end(), id);
    if (at == codes.ids.end() || *at != id) continue;
    is_wanted[static_cast<size_t>(at - codes.ids.begin())] = 1;
    ++found;
  }
  std::vector<uint16_t> kept;
  if (found > 0) {
    // Writes each and goes on from those that are wanted, which takes no branch.
    kept.resize(size() + 1);
    size_t count = 0;
    ForEach([&](size_t position) {
      kept[count] = static_cast<uint16_t>(position);
      count += is_wanted[codes.codes[position]];
    });
    kept.resize(count);
  }
  positions_ = std::move(kept);
}

SelectedKeys BlockVisits::KeysOf(Dimension dimension) {
  const CodeColumn& column = Column(dimension);
  if (!positions_) return {column.ids, std::span(column.codes).subspan(begin_, end_ - begin_)};
  auto& codes = selected_codes_[IndexOf(dimension)];
  codes.resize(positions_->size());
  std::transform(positions_->begin(), positions_->end(), codes.begin(),
                 [&column](uint16_t position) { return column.codes[position]; });
  return {column.ids, codes};
}

const CodeColumn& BlockVisits::Column(Dimension dimension) {
  auto& column = columns_[IndexOf(dimension)];
  if (!column) column = IsColumn(dimension) ? source_.ReadColumn(block_, dimension) : ReadHours();
  return *column;
}

const std::vector<VisitId>& BlockVisits::Times() {
  if (!times_) times_ = source_.ReadTimes(block_);
  return *times_;
}

// Times ascend, so each hour is a range of visits.
CodeColumn BlockVisits::ReadHours() {
  CodeColumn hours;
  hours.codes.resize(static_cast<size_t>(block_.visits));
  const Hour first = HourOf(TimeOf(block_.first));
  if (first == HourOf(TimeOf(block_.last))) {
    hours.ids = {first};
    return hours;
  }
  const auto& times = Times();
  for (auto begin = times.begin(); begin != times.end();) {
    const Hour hour = HourOf(TimeOf(*begin));
    const auto end = std::lower_bound(begin, times.end(), FirstIdAt(StartOf(hour + 1)));
    std::fill(hours.codes.begin() + (begin - times.begin()), hours.codes.begin() + (end - times.begin()),
              static_cast<uint16_t>(hours.ids.size()));
    hours.ids.push_back(hour);
    begin = end;
  }
  return hours;
}

}  // namespace page_count
