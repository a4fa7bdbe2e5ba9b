#include "worker/store/sqlite/cleanup.h"

#include <map>

#include "worker/store/sqlite/visit_log.h"
#include "worker/store/sqlite/write_turn.h"

namespace page_count {

Cleanup::Cleanup(Connection& connection, const WriterLock& writer, Rollups& rollups)
    : connection_(connection),
      writer_(writer),
      rollups_(rollups),
      state_(connection),
      visit_range_(connection, "visit_range"),
      delete_visits_(connection, "visit_delete_range"),
      take_away_(connection, "page_total_take_away"),
      delete_total_(connection, "page_total_delete"),
      delete_page_(connection, "page_delete"),
      delete_client_(connection, "client_delete"),
      delete_agent_(connection, "agent_delete") {}

int64_t Cleanup::DeleteOldest(VisitId before, int64_t limit) {
  std::vector<VisitRow> oldest;
  Rollups::Plan plan;
  {
    Transaction snapshot(connection_, Transaction::Kind::kRead);
    oldest = ReadVisits(visit_range_, 0, before, limit);
    if (oldest.empty()) return 0;
    plan = rollups_.PlanAll(oldest, Rollups::Direction::kTakeAway);
  }
  WriteTurn turn(connection_, writer_);
  delete_visits_.Execute(oldest.front().id, oldest.back().id);
  rollups_.Write(plan);
  DeletePages(oldest);
  for (const int64_t client : plan.clients.gone_from_site) delete_client_.Execute(client);
  for (const BulkRow& gone : plan.gone_agents) delete_agent_.Execute(gone.a);
  state_.StartNextEpoch();
  turn.Commit();
  return static_cast<int64_t>(oldest.size());
}

void Cleanup::DeletePages(std::span<const VisitRow> deleted) {
  std::map<int64_t, int64_t> pages;
  for (const VisitRow& visit : deleted) ++pages[visit.page];
  for (const auto& [page, visits] : pages) {
    if (take_away_.ReadInt(visits, page) > 0) continue;
    delete_total_.Execute(page);
    delete_page_.Execute(page);
  }
}

}  // namespace page_count
