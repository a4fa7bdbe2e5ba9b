#include "worker/store/sqlite/page_totals.h"

#include <algorithm>

namespace page_count {

PageTotals::PageTotals(Connection& connection)
    : urls_(connection, "tail_urls"), find_total_(connection, "page_total_of_url") {}

void PageTotals::CatchUp(const LogState& state) {
  // What was filed without having been seen in the tail is in totals that were read before.
  if (state.epoch != epoch_ || state.filed > seen_) Forget();
  epoch_ = state.epoch;
  ForgetFiled(state.filed);
  KeepBounded();
  seen_ = std::max(seen_, state.filed);
  Rows rows = urls_.Run(seen_);
  while (rows.Next()) Remember(rows.Int(0), rows.Bytes(1));
}

int64_t PageTotals::Add(VisitId id, std::string_view url) {
  Total& total = Remember(id, url);
  if (!total.filed) {
    Rows rows = find_total_.Run(url);
    total.filed = rows.Next() ? rows.Int(0) : 0;
  }
  return *total.filed + total.in_tail;
}

PageTotals::Total& PageTotals::Remember(VisitId id, std::string_view url) {
  auto at = totals_.find(url);
  if (at == totals_.end()) at = totals_.try_emplace(std::string(url)).first;
  ++at->second.in_tail;
  tail_.emplace_back(id, &at->second);
  seen_ = id;
  return at->second;
}

void PageTotals::Forget() {
  tail_.clear();
  totals_.clear();
  seen_ = kNoVisit;
}

void PageTotals::ForgetFiled(VisitId filed) {
  for (; !tail_.empty() && tail_.front().first <= filed; tail_.pop_front()) {
    Total& total = *tail_.front().second;
    --total.in_tail;
    if (total.filed) ++*total.filed;
  }
}

void PageTotals::KeepBounded() {
  if (totals_.size() <= forget_at_) return;
  std::erase_if(totals_, [](const auto& entry) { return entry.second.in_tail == 0; });
  forget_at_ = std::max(kRememberedPages, 2 * totals_.size());
}

}  // namespace page_count
