#include "worker/store/sqlite/cleanup.h"

#include <map>
#include <unordered_set>

namespace page_count {

Cleanup::Cleanup(Connection& connection, Rollups& rollups)
    : rollups_(rollups),
      visit_range_(connection, "visit_range"),
      delete_visits_(connection, "visit_delete_range"),
      bounds_(connection, "visit_bounds"),
      add_total_(connection, "page_total_add"),
      delete_total_(connection, "page_total_delete"),
      delete_page_(connection, "page_delete"),
      delete_client_(connection, "client_delete"),
      delete_agent_(connection, "agent_delete"),
      set_cleaned_up_(connection, "state_set_cleaned_up") {}

int64_t Cleanup::DeleteOldest(VisitId before, int64_t limit) {
  const auto oldest = ReadVisits(visit_range_, 0, before, limit);
  if (oldest.empty()) return 0;
  // Only what has been rolled up can be taken away again.
  while (rollups_.Watermark() < oldest.back().id) rollups_.RollUp(limit);
  VisitId newest = kNoVisit;
  {
    Rows bounds = bounds_.Run();
    bounds.Next();
    newest = bounds.Int(1);
  }
  const auto emptied = rollups_.Apply(oldest, Rollups::Direction::kTakeAway);
  delete_visits_.Execute(oldest.front().id, oldest.back().id);
  const auto tail = ReadVisits(visit_range_, rollups_.Watermark() + 1, kBehindAllVisits, -1);
  set_cleaned_up_.Execute(newest, DeleteTexts(oldest, emptied, tail));
  return static_cast<int64_t>(oldest.size());
}

int64_t Cleanup::DeleteTexts(const std::vector<VisitRow>& deleted, const Rollups::Emptied& emptied,
                             const std::vector<VisitRow>& tail) {
  int64_t texts_deleted = 0;
  std::map<int64_t, int64_t> pages;
  for (const VisitRow& visit : deleted) ++pages[visit.page];
  for (const auto& [page, visits] : pages) {
    if (add_total_.ReadInt(page, -visits) > 0) continue;
    delete_total_.Execute(page);
    texts_deleted += delete_page_.Execute(page);
  }
  // Rolled-up counts do not see the tail: what a visit there refers to stays.
  std::unordered_set<int64_t> tail_clients;
  std::unordered_set<int64_t> tail_agents;
  for (const VisitRow& visit : tail) {
    tail_clients.insert(visit.client);
    tail_agents.insert(visit.agent);
  }
  for (const int64_t client : emptied.clients) {
    if (!tail_clients.contains(client)) texts_deleted += delete_client_.Execute(client);
  }
  for (const int64_t agent : emptied.agents) {
    if (!tail_agents.contains(agent)) texts_deleted += delete_agent_.Execute(agent);
  }
  return texts_deleted;
}

}  // namespace page_count
