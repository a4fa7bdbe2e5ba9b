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

void BlockVisits::Filter(Dimension column, const IdSet& wanted) {
  const CodeColumn& codes = Column(column);
  std::vector<uint8_t> is_wanted(codes.ids.size());
  size_t found = 0;
  const auto want = [&](size_t code) {
    is_wanted[code] = 1;
    ++found;
  };
  if (wanted.are_few()) {
    for (const int64_t id : wanted.ids()) {
      const auto at = std::lower_bound(codes.ids.begin(), codes.ids.end(), id);
      if (at != codes.ids.end() && *at == id) want(static_cast<size_t>(at - codes.ids.begin()));
    }
  } else {
    for (size_t code = 0; code < codes.ids.size(); ++code) {
      if (wanted.Contains(codes.ids[code])) want(code);
    }
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
  if (!column) column = IsColumn(dimension) ? source_.ReadColumn(block_, dimension) : DeriveColumn(dimension);
  return *column;
}

const std::vector<VisitId>& BlockVisits::Times() {
  if (!times_) times_ = source_.ReadTimes(block_);
  return *times_;
}

CodeColumn BlockVisits::DeriveColumn(Dimension dimension) {
  if (dimension == Dimension::kInterval) return ReadIntervals();
  const CodeColumn& column = Column(ColumnOf(dimension));
  const AttributeCodes& attribute = *derived_->attributes[IndexOf(dimension)];
  std::vector<int64_t> values;  // by the column's code
  values.reserve(column.ids.size());
  for (const int64_t id : column.ids) values.push_back(attribute.Of(id));
  CodeColumn derived{values, {}};
  std::sort(derived.ids.begin(), derived.ids.end());
  derived.ids.erase(std::unique(derived.ids.begin(), derived.ids.end()), derived.ids.end());
  std::vector<uint16_t> code_of(values.size());
  std::transform(values.begin(), values.end(), code_of.begin(), [&](int64_t value) {
    const auto at = std::lower_bound(derived.ids.begin(), derived.ids.end(), value);
    return static_cast<uint16_t>(at - derived.ids.begin());
  });
  derived.codes.resize(column.codes.size());
  std::transform(column.codes.begin(), column.codes.end(), derived.codes.begin(),
                 [&](uint16_t code) { return code_of[code]; });
  return derived;
}

// Times ascend, so each interval is a range of visits.
CodeColumn BlockVisits::ReadIntervals() {
  const Intervals& intervals = derived_->intervals;
  CodeColumn column;
  column.codes.resize(static_cast<size_t>(block_.visits));
  const int64_t first = intervals.IndexOf(TimeOf(block_.first));
  if (first == intervals.IndexOf(TimeOf(block_.last))) {
    column.ids = {first};
    return column;
  }
  const auto& times = Times();
  for (auto begin = times.begin(); begin != times.end();) {
    const int64_t interval = intervals.IndexOf(TimeOf(*begin));
    const auto end = std::lower_bound(begin, times.end(), FirstIdAt(intervals.StartOf(interval + 1)));
    std::fill(column.codes.begin() + (begin - times.begin()), column.codes.begin() + (end - times.begin()),
              static_cast<uint16_t>(column.ids.size()));
    column.ids.push_back(interval);
    begin = end;
  }
  return column;
}

}  // namespace page_count
