#include "worker/store/sqlite/rollups.h"

#include <algorithm>
#include <map>

#include "worker/store/sqlite/agent_counts.h"

namespace page_count {
namespace {

constexpr int64_t kSite = 0;  // the page that stands for the whole site

// Calls `take(first, last)` for each run of visits that `key` maps to the same value.
template <typename Key, typename Take>
void ForEachRun(std::span<const VisitRow> visits, Key key, Take take) {
  for (size_t first = 0; first < visits.size();) {
    size_t last = first + 1;
    while (last < visits.size() && key(visits[last]) == key(visits[first])) ++last;
    take(visits.subspan(first, last - first));
    first = last;
  }
}

template <typename Key>
void SortBy(std::vector<VisitRow>& visits, Key key) {
  std::sort(visits.begin(), visits.end(),
            [&key](const VisitRow& left, const VisitRow& right) { return key(left) < key(right); });
}

std::pair<int64_t, int64_t> PageAndClient(const VisitRow& visit) { return {visit.page, visit.client}; }
std::pair<Hour, int64_t> HourAndPage(const VisitRow& visit) { return {HourOf(TimeOf(visit.id)), visit.page}; }

}  // namespace

std::vector<VisitRow> ReadVisits(Statement& visit_range, VisitId from, VisitId before, int64_t limit) {
  std::vector<VisitRow> visits;
  Rows rows = visit_range.Run(from, before, limit);
  while (rows.Next()) visits.push_back({rows.Int(0), rows.Int(1), rows.Int(2), rows.Int(3)});
  return visits;
}

Rollups::Rollups(Connection& connection)
    : read_state_(connection, "state_read"),
      set_watermark_(connection, "state_set_rolled_up"),
      visit_range_(connection, "visit_range"),
      find_client_(connection, "page_client_find"),
      update_client_(connection, "page_client_update"),
      insert_client_(connection, "page_client_insert"),
      delete_client_(connection, "page_client_delete"),
      add_clients_(connection, "page_total_add_clients"),
      find_hour_(connection, "page_hour_find"),
      put_hour_(connection, "page_hour_put"),
      delete_hour_(connection, "page_hour_delete"),
      add_agent_(connection, "agent_total_add"),
      delete_agent_(connection, "agent_total_delete") {}

VisitId Rollups::Watermark() { return read_state_.ReadInt(); }

void Rollups::SetWatermark(VisitId id) { set_watermark_.Execute(id); }

bool Rollups::RollUp(int64_t limit) {
  const auto tail = ReadVisits(visit_range_, Watermark() + 1, kBehindAllVisits, limit);
  if (tail.empty()) return false;
  Apply(tail, Direction::kAdd);
  SetWatermark(tail.back().id);
  return static_cast<int64_t>(tail.size()) == limit;
}

Rollups::Emptied Rollups::Apply(std::span<const VisitRow> visits, Direction direction) {
  const int64_t sign = direction == Direction::kAdd ? 1 : -1;
  Emptied emptied;
  std::vector<VisitRow> sorted(visits.begin(), visits.end());
  CountClients(sorted, sign, emptied);
  CountHours(sorted, sign, emptied);
  return emptied;
}

void Rollups::CountClients(std::vector<VisitRow>& visits, int64_t sign, Emptied& emptied) {
  std::map<int64_t, int64_t> new_clients;  // by page
  SortBy(visits, PageAndClient);
  ForEachRun(visits, PageAndClient, [&](std::span<const VisitRow> run) {
    const auto count = sign * static_cast<int64_t>(run.size());
    new_clients[run[0].page] += CountClient(run[0].page, run[0].client, count);
  });
  const auto client_of = [](const VisitRow& visit) { return visit.client; };
  SortBy(visits, client_of);
  ForEachRun(visits, client_of, [&](std::span<const VisitRow> run) {
    const int64_t change = CountClient(kSite, run[0].client, sign * static_cast<int64_t>(run.size()));
    if (change < 0) emptied.clients.push_back(run[0].client);
    new_clients[kSite] += change;
  });
  for (const auto& [page, clients] : new_clients) {
    if (clients != 0) add_clients_.Execute(page, clients);
  }
}

int64_t Rollups::CountClient(int64_t page, int64_t client, int64_t visits) {
  if (visits > 0) {
    if (update_client_.Execute(visits, page, client) > 0) return 0;
    insert_client_.Execute(visits, page, client);
    return 1;
  }
  if (find_client_.ReadInt(page, client) > -visits) {
    update_client_.Execute(visits, page, client);
    return 0;
  }
  return -delete_client_.Execute(page, client);
}

void Rollups::CountHours(std::vector<VisitRow>& visits, int64_t sign, Emptied& emptied) {
  SortBy(visits, HourAndPage);
  ForEachRun(
      visits, [](const VisitRow& visit) { return HourAndPage(visit).first; },
      [&](std::span<const VisitRow> hour_run) {
        const Hour hour = HourAndPage(hour_run[0]).first;
        CountHour(hour, kSite, hour_run, sign);
        ForEachRun(
            hour_run, [](const VisitRow& visit) { return visit.page; },
            [&](std::span<const VisitRow> run) { CountHour(hour, run[0].page, run, sign); });
      });
  std::map<int64_t, int64_t> agents;
  for (const VisitRow& visit : visits) agents[visit.agent] += sign;
  for (const auto& [agent, count] : agents) {
    if (add_agent_.ReadInt(agent, count) > 0) continue;
    delete_agent_.Execute(agent);
    emptied.agents.push_back(agent);
  }
}

void Rollups::CountHour(Hour hour, int64_t page, std::span<const VisitRow> visits, int64_t sign) {
  int64_t total = 0;
  AgentCounts agents;
  {
    Rows found = find_hour_.Run(hour, page);
    if (found.Next()) {
      total = found.Int(0);
      agents = AgentCounts::Unpack(found.Bytes(1));
    }
  }
  total += sign * static_cast<int64_t>(visits.size());
  for (const VisitRow& visit : visits) agents.Add(visit.agent, sign);
  if (total <= 0) {
    delete_hour_.Execute(hour, page);
  } else {
    const std::string packed = agents.Pack();
    put_hour_.Execute(hour, page, total, Blob{packed});
  }
}

}  // namespace page_count
