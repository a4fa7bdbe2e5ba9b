#include "worker/store/sqlite/question/block_visits.h"

#include <algorithm>
#include <utility>

namespace page_count {

const CodeColumn& BlockVisits::Column(Dimension column) {
  auto& read = columns_[IndexOf(column)];
  if (!read) read = source_.ReadColumn(block_, column);
  return *read;
}

const std::vector<VisitId>& BlockVisits::Times() {
  if (!times_) times_ = source_.ReadTimes(block_);
  return *times_;
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

}  // namespace page_count
