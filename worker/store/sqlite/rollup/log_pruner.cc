#include "worker/store/sqlite/rollup/log_pruner.h"

#include <algorithm>
#include <map>

#include "worker/store/sqlite/engine/write_transaction.h"
#include "worker/store/sqlite/log/client_id.h"
#include "worker/store/sqlite/log/visit_log.h"

namespace page_count {
namespace {

constexpr size_t kDeletedAtOnce = 1'024;  // a transaction's

}  // namespace

LogPruner::LogPruner(Connection& connection, const DatabaseLock& writer, Rollups& rollups,
                     std::function<void()> between)
    : connection_(connection),
      writer_(writer),
      rollups_(rollups),
      between_(std::move(between)),
      state_(connection),
      visit_range_(connection, kVisitRange),
      delete_visits_(connection, "visit_delete(rows(id, page_id, client_id, agent_id))"),
      delete_from_(connection, "visit_delete_from(from_id)"),
      delete_pending_from_(connection, "pending_client_delete_from(from_id)"),
      last_visit_(connection, "visit_last() -> last_id"),
      subtract_(connection, "page_total_subtract(visits, page_id) -> visits"),
      delete_total_(connection, "page_total_delete(page_id)"),
      delete_page_(connection, "page_delete(page_id)"),
      delete_client_(connection, "client_delete(client_id)"),
      delete_agent_(connection, "agent_delete(agent_id)") {}

int64_t LogPruner::DeleteSet(VisitId from, VisitId before) {
  in_use_ = {};
  in_use_.up_to = state_.Read().progress.rollup_watermark;
  auto oldest = ReadVisits(visit_range_, from, std::min(before, in_use_.up_to + 1), kSetVisits);
  std::sort(oldest.begin(), oldest.end(), PageThenClient);
  for (size_t first = 0; first < oldest.size(); first += kDeletedAtOnce) {
    Delete(std::span<const VisitRow>(oldest).subspan(first, std::min(kDeletedAtOnce, oldest.size() - first)));
    between_();
  }
  return static_cast<int64_t>(oldest.size());
}

int64_t LogPruner::ForgetFrom(VisitId from) {
  WriteTransaction transaction(connection_, writer_);
  const int64_t deleted = delete_from_.Execute(from);
  delete_pending_from_.Execute(from);
  const LogState state = state_.Read();
  const VisitId newest = last_visit_.ReadInt();
  if (state.totals_watermark > newest) state_.SetTotalsWatermark(newest);
  if (state.progress.rollup_watermark > newest) state_.SetProgress({newest, newest, 0, 0});
  state_.StartNextGeneration();
  transaction.Commit();
  between_();
  return deleted;
}

void LogPruner::Delete(std::span<const VisitRow> visits) {
  Rollups::Plan plan;
  {
    Transaction snapshot(connection_, Transaction::Kind::kRead);
    plan = rollups_.PlanAll({visits.begin(), visits.end()}, Rollups::Direction::kSubtract);
  }
  WriteTransaction transaction(connection_, writer_);
  NoteTail();
  delete_visits_.Execute(ArrayRows(visits));
  rollups_.Write(plan);
  DeletePages(visits);
  for (const int64_t client : plan.clients.gone_from_site) {
    if (client > kLastIpv4Client && !in_use_.clients.contains(client)) delete_client_.Execute(client);
  }
  for (const int64_t agent : plan.deleted_agents) {
    if (!in_use_.agents.contains(agent)) delete_agent_.Execute(agent);
  }
  state_.StartNextGeneration();
  transaction.Commit();
}

void LogPruner::DeletePages(std::span<const VisitRow> deleted) {
  std::map<int64_t, int64_t> pages;
  for (const VisitRow& visit : deleted) ++pages[visit.page];
  for (const auto& [page, visits] : pages) {
    if (subtract_.ReadInt(visits, page) > 0) continue;
    delete_total_.Execute(page);
    if (!in_use_.pages.contains(page)) delete_page_.Execute(page);
  }
}

// Reads what was recorded since the last time, however much that is: nobody records meanwhile.
void LogPruner::NoteTail() {
  for (const VisitRow& visit : ReadVisits(visit_range_, in_use_.up_to + 1, kAfterAllVisits, -1)) {
    in_use_.up_to = visit.id;
    in_use_.pages.insert(visit.page);
    in_use_.clients.insert(visit.client);
    in_use_.agents.insert(visit.agent);
  }
}

}  // namespace page_count
