#include "worker/store/sqlite/log/page_totals.h"

#include <algorithm>

namespace page_count {

PageTotals::PageTotals(Connection& connection)
    : pages_after_(connection, "visit_pages_after(after_id) -> id, page_id"), find_total_(connection, kPageTotalFind) {}

void PageTotals::CatchUp(const LogState& state) {
  // Visits that others recorded and counted since the last call are missing from the totals in memory.
  if (state.generation != generation_ || state.sealed_watermark > seen_) Clear();
  generation_ = state.generation;
  CountAsTotalled(state.sealed_watermark);
  KeepBounded();
  seen_ = std::max(seen_, state.sealed_watermark);
  Rows rows = pages_after_.Run(seen_);
  while (rows.Next()) Remember(rows.Int(0), rows.Int(1));
}

int64_t PageTotals::Add(const VisitRow& visit) { return Read(visit.page(), Remember(visit.id, visit.page())); }

int64_t PageTotals::Of(int64_t page) { return Read(page, totals_[page]); }

int64_t PageTotals::Read(int64_t page, Total& total) {
  if (!total.totalled) {
    Rows rows = find_total_.Run(page);
    total.totalled = rows.Next() ? rows.Int(0) : 0;
  }
  return *total.totalled + total.newer;
}

PageTotals::Total& PageTotals::Remember(VisitId id, int64_t page) {
  Total& total = totals_[page];
  ++total.newer;
  newer_.emplace_back(id, &total);
  seen_ = id;
  return total;
}

void PageTotals::Clear() {
  newer_.clear();
  totals_.clear();
  seen_ = kNoVisit;
}

void PageTotals::CountAsTotalled(VisitId sealed_watermark) {
  for (; !newer_.empty() && newer_.front().first <= sealed_watermark; newer_.pop_front()) {
    Total& total = *newer_.front().second;
    --total.newer;
    if (total.totalled) ++*total.totalled;
  }
}

void PageTotals::KeepBounded() {
  if (totals_.size() <= evict_at_) return;
  std::erase_if(totals_, [](const auto& entry) { return entry.second.newer == 0; });
  evict_at_ = std::max(kRememberedPages, 2 * totals_.size());
}

}  // namespace page_count
