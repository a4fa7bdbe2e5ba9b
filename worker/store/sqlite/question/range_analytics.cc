#include "worker/store/sqlite/question/range_analytics.h"

#include <algorithm>
#include <map>

#include "worker/store/sqlite/rollup/packed_counts.h"

namespace page_count {
namespace {

// Visits by page. Ids of pages count on from 1, so most stand in an array.
constexpr int64_t kPagesInArray = 1 << 22;

class PageSums {
 public:
  void Add(int64_t page, int64_t visits) {
    if (page >= kPagesInArray) {
      others_[page] += visits;
      return;
    }
    const auto at = static_cast<size_t>(page);
    if (at >= sums_.size()) sums_.resize(std::max(at + 1, 2 * sums_.size()));
    sums_[at] += visits;
  }
  // Those with any visits, (visits, page).
  std::vector<std::pair<int64_t, int64_t>> Take() {
    std::vector<std::pair<int64_t, int64_t>> pages;
    for (size_t page = 0; page < sums_.size(); ++page) {
      if (sums_[page] > 0) pages.emplace_back(sums_[page], static_cast<int64_t>(page));
    }
    for (const auto& [page, visits] : others_) pages.emplace_back(visits, page);
    return pages;
  }

 private:
  std::vector<int64_t> sums_;
  std::map<int64_t, int64_t> others_;
};

}  // namespace

RangeAnalytics::Range::Range(UtcTime from, UtcTime before)
    : first(FirstIdAt(from)),
      end(FirstIdAt(before)),
      first_hour(HourOf(from + std::chrono::hours(1) - std::chrono::milliseconds(1))),
      end_hour(std::max(first_hour, HourOf(before))),
      first_of_hours(std::min(FirstIdAt(StartOf(first_hour)), end)),
      end_of_hours(std::min(FirstIdAt(StartOf(end_hour)), end)) {}

RangeAnalytics::RangeAnalytics(Connection& connection)
    : connection_(connection),
      tail_(connection),
      visit_range_(connection, "visit_range"),
      hours_(connection, "site_hour_range"),
      pages_(connection, "site_hour_pages"),
      url_(connection, "page_url") {}

template <typename Take>
void RangeAnalytics::ForEachVisitBesideRollups(const Range& range, const LogTail& tail, Take take) {
  for (const auto& [first, end] :
       {std::pair(range.first, range.first_of_hours), std::pair(range.end_of_hours, range.end)}) {
    Rows rows = visit_range_.Run(first, end, int64_t{-1});
    while (rows.Next()) take(ReadVisitRow(rows));
  }
  for (const VisitRow& visit : tail.visits) {
    const bool is_of_hours = visit.id >= range.first_of_hours && visit.id < range.end_of_hours;
    if (is_of_hours && !tail.state.progress.CountsForSiteHours(visit)) take(visit);
  }
}

HourCounts RangeAnalytics::ReadHours(UtcTime from, UtcTime before) {
  Transaction transaction(connection_, Transaction::Kind::kRead);
  const Range range(from, before);
  const LogTail tail = tail_.Read();
  std::map<Hour, int64_t> hours;
  ForEachVisitBesideRollups(range, tail, [&](const VisitRow& visit) { ++hours[HourOf(TimeOf(visit.id))]; });
  {
    Rows rows = hours_.Run(range.first_hour, range.end_hour);
    while (rows.Next()) hours[rows.Int(0)] += rows.Int(1);
  }
  HourCounts counts;
  for (const auto& [hour, visits] : hours) counts.emplace_back(StartOf(hour), visits);
  return counts;
}

PageCounts RangeAnalytics::ReadTopPages(UtcTime from, UtcTime before, size_t limit) {
  Transaction transaction(connection_, Transaction::Kind::kRead);
  const Range range(from, before);
  const LogTail tail = tail_.Read();
  PageSums sums;
  ForEachVisitBesideRollups(range, tail, [&](const VisitRow& visit) { sums.Add(visit.page, 1); });
  {
    Rows rows = pages_.Run(range.first_hour, range.end_hour);
    while (rows.Next()) {
      PackedCounts::ForEach(rows.Bytes(0), [&](int64_t page, int64_t visits) { sums.Add(page, visits); });
    }
  }
  auto pages = sums.Take();
  if (limit == 0) pages.clear();
  // Equal counts go by URL, so all that equal the last one stay until the URLs are known.
  if (pages.size() > limit && limit > 0) {
    std::nth_element(pages.begin(), pages.begin() + static_cast<std::ptrdiff_t>(limit - 1), pages.end(),
                     std::greater<>());
    const int64_t least = pages[limit - 1].first;
    std::erase_if(pages, [least](const auto& page) { return page.first < least; });
  }
  PageCounts counts;
  for (const auto& [visits, page] : pages) {
    Rows rows = url_.Run(page);
    if (rows.Next()) counts.emplace_back(rows.Bytes(0), visits);
  }
  std::sort(counts.begin(), counts.end(), ByCountThenName<std::string>);
  if (counts.size() > limit) counts.resize(limit);
  return counts;
}

}  // namespace page_count
