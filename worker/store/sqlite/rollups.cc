#include "worker/store/sqlite/rollups.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "worker/store/sqlite/agent_counts.h"
#include "worker/store/sqlite/log_state.h"

namespace page_count {
namespace {

// Calls `take(run)` for each run of visits that `key` maps to the same value.
template <typename Key, typename Take>
void ForEachRun(std::span<const VisitRow> visits, Key key, Take take) {
  for (size_t first = 0; first < visits.size();) {
    size_t last = first + 1;
    while (last < visits.size() && key(visits[last]) == key(visits[first])) ++last;
    take(visits.subspan(first, last - first));
    first = last;
  }
}

int64_t PageOf(const VisitRow& visit) { return visit.page; }
int64_t ClientOf(const VisitRow& visit) { return visit.client; }
Hour HourOfVisit(const VisitRow& visit) { return HourOf(TimeOf(visit.id)); }

bool InOrderOfTime(const VisitRow& left, const VisitRow& right) { return left.id < right.id; }

int64_t SignOf(Rollups::Direction direction) { return direction == Rollups::Direction::kAdd ? 1 : -1; }

}  // namespace

bool PageThenClient(const VisitRow& left, const VisitRow& right) {
  return std::tie(left.page, left.client) < std::tie(right.page, right.client);
}

bool ClientFirst(const VisitRow& left, const VisitRow& right) { return left.client < right.client; }

Rollups::Rollups(Connection& connection)
    : find_client_(connection, "page_client_find"),
      update_client_(connection, "page_client_update"),
      insert_client_(connection, "page_client_insert"),
      delete_client_(connection, "page_client_delete"),
      add_clients_(connection, "page_total_add_clients"),
      find_hour_(connection, "page_hour_find"),
      put_hour_(connection, "page_hour_put"),
      delete_hour_(connection, "page_hour_delete"),
      add_agent_(connection, "agent_total_add"),
      delete_agent_(connection, "agent_total_delete") {}

void Rollups::CountPages(std::span<const VisitRow> visits, Direction direction) {
  const int64_t sign = SignOf(direction);
  ForEachRun(visits, PageOf, [&](std::span<const VisitRow> of_page) {
    const int64_t page = of_page[0].page;
    int64_t new_clients = 0;
    ForEachRun(of_page, ClientOf, [&](std::span<const VisitRow> run) {
      new_clients += CountClient(page, run[0].client, sign * static_cast<int64_t>(run.size()));
    });
    if (new_clients != 0) add_clients_.Execute(page, new_clients);
    CountHours(page, of_page, sign);
  });
}

Rollups::Emptied Rollups::CountSite(std::span<const VisitRow> visits, Direction direction) {
  const int64_t sign = SignOf(direction);
  Emptied emptied;
  int64_t new_clients = 0;
  ForEachRun(visits, ClientOf, [&](std::span<const VisitRow> run) {
    const int64_t change = CountClient(kSitePage, run[0].client, sign * static_cast<int64_t>(run.size()));
    if (change < 0) emptied.clients.push_back(run[0].client);
    new_clients += change;
  });
  if (new_clients != 0) add_clients_.Execute(kSitePage, new_clients);
  CountHours(kSitePage, visits, sign);
  emptied.agents = CountAgents(visits, sign);
  return emptied;
}

Rollups::Emptied Rollups::Count(std::vector<VisitRow> visits, Direction direction) {
  std::sort(visits.begin(), visits.end(), PageThenClient);
  CountPages(visits, direction);
  std::sort(visits.begin(), visits.end(), ClientFirst);
  return CountSite(visits, direction);
}

int64_t Rollups::CountClient(int64_t page, int64_t client, int64_t visits) {
  if (visits > 0) {
    // Most of a page's clients are new to it, most of the site's are not: the likelier of the two comes first.
    if (page != kSitePage && insert_client_.Execute(visits, page, client) > 0) return 1;
    if (update_client_.Execute(visits, page, client) > 0) return 0;
    return insert_client_.Execute(visits, page, client);
  }
  if (find_client_.ReadInt(page, client) > -visits) {
    update_client_.Execute(visits, page, client);
    return 0;
  }
  return -delete_client_.Execute(page, client);
}

void Rollups::CountHours(int64_t page, std::span<const VisitRow> visits, int64_t sign) {
  const auto [oldest, newest] = std::minmax_element(visits.begin(), visits.end(), InOrderOfTime);
  if (HourOfVisit(*oldest) == HourOfVisit(*newest)) {
    CountHour(HourOfVisit(*oldest), page, visits, sign);
    return;
  }
  std::vector<VisitRow> by_time(visits.begin(), visits.end());
  std::sort(by_time.begin(), by_time.end(), InOrderOfTime);
  ForEachRun(by_time, HourOfVisit,
             [&](std::span<const VisitRow> run) { CountHour(HourOfVisit(run[0]), page, run, sign); });
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

// Answers which agents are left without a visit.
std::vector<int64_t> Rollups::CountAgents(std::span<const VisitRow> visits, int64_t sign) {
  std::map<int64_t, int64_t> counts;
  for (const VisitRow& visit : visits) counts[visit.agent] += sign;
  std::vector<int64_t> emptied;
  for (const auto& [agent, count] : counts) {
    if (add_agent_.ReadInt(agent, count) > 0) continue;
    delete_agent_.Execute(agent);
    emptied.push_back(agent);
  }
  return emptied;
}

}  // namespace page_count
