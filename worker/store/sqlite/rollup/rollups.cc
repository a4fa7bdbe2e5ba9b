#include "worker/store/sqlite/rollup/rollups.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "worker/store/sqlite/log/log_state.h"
#include "worker/store/sqlite/rollup/packed_counts.h"

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

int64_t SignOf(Rollups::Direction direction) { return direction == Rollups::Direction::kAdd ? 1 : -1; }

}  // namespace

bool PageThenClient(const VisitRow& left, const VisitRow& right) {
  return std::tie(left.page, left.client) < std::tie(right.page, right.client);
}

bool ClientFirst(const VisitRow& left, const VisitRow& right) { return left.client < right.client; }

bool InOrderOfTime(const VisitRow& left, const VisitRow& right) { return left.id < right.id; }

Rollups::Rollups(Connection& connection)
    : clients_(connection),
      find_hours_(connection, "page_hour_find_all(rows(row, hour, page_id)) -> row, visits, agents"),
      put_hours_(connection, "page_hour_put(rows(hour, page_id, visits, agents))"),
      delete_hour_(connection, "page_hour_delete(hour, page_id)"),
      find_site_hour_(connection, kSiteHourFind),
      put_site_hours_(connection, "site_hour_put(rows(hour, visits, pages))"),
      delete_site_hour_(connection, "site_hour_delete(hour)"),
      find_agent_(connection, "agent_total_find(agent_id) -> visits"),
      put_agents_(connection, "agent_total_put(rows(agent_id, visits))"),
      delete_agent_(connection, "agent_total_delete(agent_id)") {}

void Rollups::PlanPages(std::span<const VisitRow> visits, Direction direction, Plan& plan) {
  const int64_t sign = SignOf(direction);
  std::vector<ClientVisits> clients;
  std::vector<HourRun> hours;
  ForEachRun(visits, PageOf, [&](std::span<const VisitRow> of_page) {
    const int64_t page = of_page[0].page;
    ForEachRun(of_page, ClientOf, [&](std::span<const VisitRow> run) {
      clients.push_back({page, run[0].client, sign * static_cast<int64_t>(run.size())});
    });
    AddHours(page, of_page, hours);
  });
  clients_.MakePlan(clients, plan.clients);
  PlanHours(hours, sign, plan);
}

void Rollups::PlanSite(std::span<const VisitRow> visits, Direction direction, Plan& plan) {
  const int64_t sign = SignOf(direction);
  std::vector<ClientVisits> clients;
  ForEachRun(visits, ClientOf, [&](std::span<const VisitRow> run) {
    clients.push_back({kSitePage, run[0].client, sign * static_cast<int64_t>(run.size())});
  });
  clients_.MakePlan(clients, plan.clients);
  PlanAgents(visits, sign, plan);
}

void Rollups::PlanSiteHours(std::span<const VisitRow> visits, Direction direction, Plan& plan) {
  std::vector<std::pair<Hour, int64_t>> hours_and_pages;
  hours_and_pages.reserve(visits.size());
  for (const VisitRow& visit : visits) hours_and_pages.emplace_back(HourOfVisit(visit), visit.page);
  std::sort(hours_and_pages.begin(), hours_and_pages.end());
  for (auto next = hours_and_pages.begin(); next != hours_and_pages.end();) {
    const Hour hour = next->first;
    PackedCounts change;
    int64_t visits_of_hour = 0;
    for (; next != hours_and_pages.end() && next->first == hour; ++next, ++visits_of_hour) {
      change.Add(next->second, SignOf(direction));
    }
    PlanSiteHour(hour, SignOf(direction) * visits_of_hour, change, plan);
  }
}

void Rollups::PlanSiteHour(Hour hour, int64_t visits, const PackedCounts& change, Plan& plan) {
  PackedCounts pages;
  {
    Rows found = find_site_hour_.Run(hour);
    if (found.Next()) {
      visits += found.Int(0);
      pages = PackedCounts::Unpack(found.Bytes(1));
    }
  }
  if (visits <= 0) {
    plan.deleted_site_hours.push_back(hour);
    return;
  }
  pages.Add(change);
  plan.site_hours.push_back({hour, visits, plan.packed.emplace_back(pages.Pack())});
}

Rollups::Plan Rollups::PlanAll(std::vector<VisitRow> visits, Direction direction) {
  Plan plan;
  std::sort(visits.begin(), visits.end(), PageThenClient);
  PlanPages(visits, direction, plan);
  std::sort(visits.begin(), visits.end(), ClientFirst);
  PlanSite(visits, direction, plan);
  PlanSiteHours(visits, direction, plan);
  return plan;
}

void Rollups::Write(const Plan& plan) {
  clients_.Write(plan.clients);
  put_hours_.Execute(ArrayRows(plan.hours));
  put_site_hours_.Execute(ArrayRows(plan.site_hours));
  put_agents_.Execute(ArrayRows(plan.agents));
  for (const PageHour& gone : plan.deleted_hours) delete_hour_.Execute(gone.hour, gone.page_id);
  for (const Hour hour : plan.deleted_site_hours) delete_site_hour_.Execute(hour);
  for (const int64_t agent : plan.deleted_agents) delete_agent_.Execute(agent);
}

void Rollups::AddHours(int64_t page, std::span<const VisitRow> visits, std::vector<HourRun>& runs) {
  const auto add = [&](std::span<const VisitRow> run) {
    HourRun& hour = runs.emplace_back(HourRun{HourOfVisit(run[0]), page, {}});
    for (const VisitRow& visit : run) hour.agents.push_back(visit.agent);
  };
  const auto [oldest, newest] = std::minmax_element(visits.begin(), visits.end(), InOrderOfTime);
  if (HourOfVisit(*oldest) == HourOfVisit(*newest)) {
    add(visits);
    return;
  }
  std::vector<VisitRow> by_time(visits.begin(), visits.end());
  std::sort(by_time.begin(), by_time.end(), InOrderOfTime);
  ForEachRun(by_time, HourOfVisit, add);
}

void Rollups::PlanHours(std::span<const HourRun> runs, int64_t sign, Plan& plan) {
  std::vector<PageHour> hours;
  for (const HourRun& run : runs) {
    hours.push_back({run.hour, run.page, sign * static_cast<int64_t>(run.agents.size()), {}});
  }
  std::vector<PackedCounts> agents(runs.size());
  {
    Rows found = find_hours_.Run(ArrayRows(hours));
    while (found.Next()) {
      const auto row = static_cast<size_t>(found.Int(0));
      agents[row] = PackedCounts::Unpack(found.Bytes(2));
      hours[row].visits += found.Int(1);
    }
  }
  for (size_t i = 0; i < runs.size(); ++i) {
    if (hours[i].visits <= 0) {
      plan.deleted_hours.push_back(hours[i]);
      continue;
    }
    for (const int64_t agent : runs[i].agents) agents[i].Add(agent, sign);
    hours[i].agents = plan.packed.emplace_back(agents[i].Pack());
    plan.hours.push_back(hours[i]);
  }
}

void Rollups::PlanAgents(std::span<const VisitRow> visits, int64_t sign, Plan& plan) {
  std::map<int64_t, int64_t> counts;
  for (const VisitRow& visit : visits) counts[visit.agent] += sign;
  for (const auto& [agent, count] : counts) {
    int64_t total = count;
    {
      Rows found = find_agent_.Run(agent);
      if (found.Next()) total += found.Int(0);
    }
    if (total > 0) {
      plan.agents.push_back({agent, total});
    } else {
      plan.deleted_agents.push_back(agent);
    }
  }
}

}  // namespace page_count
