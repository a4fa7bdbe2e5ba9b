// How the log gets into the rollups. All of it under the maintenance lock, each step a short write transaction.
//
// Invariants (state, see log_state.h):
//   1. rollup_watermark <= totals_watermark, and while a range is being rolled up
//      rollup_watermark < rollup_target <= totals_watermark.
//   2. Totals count every visit up to totals_watermark; rollups every visit up to rollup_watermark, and of the range up
//      to rollup_target those before the cursor. A reader counts all other visits from the log.
//   3. Counts and the watermark or cursor that tells how far they are change in one transaction.
//
//   a. Add the texts of pending clients; give visits their client ids.   Dead: no figure changes; it is done again.
//   b. Add a batch to page_total, raise totals_watermark.                Dead before: nothing of it; after: all (3).
//   c. Roll up chunks of the range by (page, client), then by client for the site; each sets target and cursor.
//                                                                        Dead: the next job goes on at the cursor.
//   d. Add the range to the site's hours, set rollup_watermark = rollup_target.    Dead before: d is done again.

#include "worker/store/sqlite/rollup/rollup_job.h"

#include <algorithm>

#include "worker/store/sqlite/engine/write_transaction.h"

namespace page_count {
namespace {

// Sorted and counted together. The more, the fewer pages of the file are written for each; and the more visits an
// answer adds up by itself meanwhile.
constexpr int64_t kRolledUpTogether = 65'536;
constexpr size_t kRolledUpAtOnce = 2'048;  // a transaction's, and as many more as share the last one's key

// Where the chunk ends that starts at `first`: never between visits that are counted in the same row.
template <typename Less>
size_t EndOfChunk(std::span<const VisitRow> visits, size_t first, Less less) {
  size_t end = std::min(first + kRolledUpAtOnce, visits.size());
  while (end < visits.size() && !less(visits[end - 1], visits[end])) ++end;
  return end;
}

}  // namespace

RollupJob::RollupJob(Connection& connection, const DatabaseLock& writer, Rollups& rollups,
                     std::function<void()> between)
    : connection_(connection),
      writer_(writer),
      rollups_(rollups),
      between_(std::move(between)),
      state_(connection),
      log_(connection),
      pending_clients_(connection),
      visit_range_(connection, kVisitRange),
      count_(connection, kVisitCount) {}

template <typename Write>
void RollupJob::WriteShortly(Write write) {
  {
    WriteTransaction transaction(connection_, writer_);
    write();
    transaction.Commit();
  }
  between_();
}

bool RollupJob::RunSome(StoreAdmin::Load load) {
  if (TotalSet()) return true;  // what is rolled up has its totals
  if (load == StoreAdmin::Load::kBusy && !HasWholeSet()) return false;
  return RollUpSet() || load == StoreAdmin::Load::kBusy;
}

bool RollupJob::HasWholeSet() {
  const LogState state = state_.Read();
  if (state.progress.rollup_target > state.progress.rollup_watermark) return true;
  if (waiting_.after != state.progress.rollup_watermark)
    waiting_ = {state.progress.rollup_watermark, state.progress.rollup_watermark, 0};
  waiting_.visits += count_.ReadInt(waiting_.last, state.totals_watermark);
  waiting_.last = state.totals_watermark;
  return waiting_.visits >= kRolledUpTogether;
}

void RollupJob::RunToEnd() {
  const VisitId newest = state_.Read().newest;
  while (state_.Read().totals_watermark < newest && TotalSet()) {
  }
  while (RollUpSet()) {
  }
}

// No text is taken away meanwhile, so what is looked up before the write lock stays true. If this process dies,
// texts that no visit refers to yet harm nobody; they are found the next time.
bool RollupJob::TotalSet() {
  std::vector<VisitRow> visits;
  PendingClients::Resolution resolution;
  {
    Transaction snapshot(connection_, Transaction::Kind::kRead);
    const LogState state = state_.Read();
    visits = ReadVisits(visit_range_, state.totals_watermark + 1, kAfterAllVisits, kTotalledAtOnce);
    if (visits.empty()) return false;
    log_.InvalidateIfNewer(state.generation);
    resolution = pending_clients_.FindUpTo(visits.back().id, log_);
  }
  while (resolution.pending.HasMissing()) {
    WriteShortly([&] { log_.AddTexts(resolution.pending); });
  }
  while (!resolution.IsWritten()) {
    WriteShortly([&] { pending_clients_.WriteSome(resolution); });
  }
  WriteShortly([&] {
    log_.AddToTotals(visits);
    state_.SetTotalsWatermark(visits.back().id);
  });
  return static_cast<int64_t>(visits.size()) == kTotalledAtOnce;
}

template <typename Less, typename IsCounted, typename MakePlan, typename KeyOf>
void RollupJob::CountChunks(std::vector<VisitRow>& visits, RollupProgress& progress, Less less, IsCounted is_counted,
                            MakePlan make_plan, KeyOf key_of) {
  std::sort(visits.begin(), visits.end(), less);
  const auto first = std::partition_point(visits.begin(), visits.end(), is_counted);
  for (auto next = static_cast<size_t>(first - visits.begin()); next < visits.size();) {
    const size_t end = EndOfChunk(visits, next, less);
    Rollups::Plan plan;
    {
      Transaction snapshot(connection_, Transaction::Kind::kRead);
      make_plan(std::span<const VisitRow>(visits).subspan(next, end - next), plan);
    }
    std::tie(progress.rollup_cursor_page, progress.rollup_cursor_client) = key_of(end);
    WriteShortly([&] {
      rollups_.Write(plan);
      state_.SetProgress(progress);
    });
    next = end;
  }
}

bool RollupJob::RollUpSet() {
  const LogState state = state_.Read();
  RollupProgress progress = state.progress;
  const bool unfinished = progress.rollup_target > progress.rollup_watermark;
  const VisitId before = (unfinished ? progress.rollup_target : state.totals_watermark) + 1;
  auto visits = ReadVisits(visit_range_, progress.rollup_watermark + 1, before, unfinished ? -1 : kRolledUpTogether);
  if (visits.empty() && !unfinished) return false;
  if (!unfinished) progress = {progress.rollup_watermark, visits.back().id, 0, 0};

  using Key = std::pair<int64_t, int64_t>;
  CountChunks(
      visits, progress, PageThenClient, [&](const VisitRow& visit) { return progress.CountsForPage(visit); },
      [&](auto chunk, auto& plan) { rollups_.PlanPages(chunk, Rollups::Direction::kAdd, plan); },
      [&](size_t end) {
        return end < visits.size() ? Key(visits[end].page, visits[end].client) : Key(kSiteComesLast, 0);
      });
  CountChunks(
      visits, progress, ClientFirst, [&](const VisitRow& visit) { return progress.CountsForSite(visit); },
      [&](auto chunk, auto& plan) { rollups_.PlanSite(chunk, Rollups::Direction::kAdd, plan); },
      [&](size_t end) { return Key(kSiteComesLast, end < visits.size() ? visits[end].client : kSiteComesLast); });

  Rollups::Plan hours;
  rollups_.PlanSiteHours(visits, Rollups::Direction::kAdd, hours);
  WriteShortly([&] {
    rollups_.Write(hours);
    state_.SetProgress({progress.rollup_target, progress.rollup_target, 0, 0});
  });
  return progress.rollup_target < state.totals_watermark;
}

}  // namespace page_count
