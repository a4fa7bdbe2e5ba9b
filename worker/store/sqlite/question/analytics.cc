#include "worker/store/sqlite/question/analytics.h"

#include <algorithm>

#include "worker/store/visit_store.h"

namespace page_count {
namespace {

constexpr size_t kRecentVisitsOfSite = 10;
constexpr size_t kRecentVisitsOfPage = 20;
constexpr size_t kRecentVisitsOfSummary = 100;
constexpr size_t kRecentVisitsOfSummaryPage = 10;

HourCounts ToHourCounts(const std::map<Hour, int64_t>& hours) {
  HourCounts counts;
  for (const auto& [hour, visits] : hours) counts.emplace_back(StartOf(hour), visits);
  return counts;
}

}  // namespace

void WindowCounts::Add(const VisitRow& visit) {
  ++hours[HourOf(TimeOf(visit.id))];
  agents.Add(visit.agent, 1);
}

void WindowCounts::Add(Hour hour, int64_t visits, const PackedCounts& hour_agents) {
  hours[hour] += visits;
  agents.Add(hour_agents);
}

Analytics::Window::Window(UtcTime start) : first(FirstIdAt(start)), whole_hours(HourOf(start)) {
  if (start != StartOf(whole_hours)) ++whole_hours;
  whole_hours_first = FirstIdAt(StartOf(whole_hours));
}

Analytics::Analytics(Connection& connection)
    : connection_(connection),
      tail_(connection),
      bounds_(connection, "visit_bounds"),
      visit_range_(connection, "visit_range"),
      newest_(connection, "visit_newest"),
      newest_of_page_(connection, "visit_newest_of_page"),
      find_page_(connection, "page_find"),
      url_(connection, "page_url"),
      find_total_(connection, "page_total_find"),
      all_totals_(connection, "page_total_all"),
      top_pages_(connection, "page_total_top"),
      sum_visits_(connection, "page_total_sum"),
      find_hour_(connection, "page_hour_find"),
      hour_range_(connection, "page_hour_range"),
      agent_name_(connection, "agent_name") {}

Summary Analytics::ReadSummary(UtcTime window_start) {
  Transaction transaction(connection_, Transaction::Kind::kRead);
  Summary summary;
  auto tail = tail_.Read();
  auto new_clients = tail_.NewClients(tail, LogTailReader::kAllPages);
  auto counts = CountWindow(Window(window_start), tail);
  const auto names = std::make_shared<std::unordered_map<int64_t, std::string>>();
  summary.agent_names = names;
  const auto add_page = [&](int64_t page, std::string url, int64_t visits, int64_t clients) {
    const WindowCounts& in_window = counts[page];
    summary.visits += visits;
    summary.pages.push_back({std::move(url),
                             visits,
                             clients + new_clients[page],
                             ToHourCounts(in_window.hours),
                             NameAgents(in_window.agents, *names),
                             {}});
  };
  {
    Rows totals = all_totals_.Run();
    while (totals.Next()) {
      const int64_t page = totals.Int(0);
      const auto untotalled = tail.untotalled.extract(page);
      add_page(page, std::string(totals.Bytes(3)), totals.Int(1) + (untotalled ? untotalled.mapped() : 0),
               totals.Int(2));
    }
  }
  for (const auto& [page, visits] : tail.untotalled) add_page(page, UrlOf(page), visits, 0);
  std::sort(summary.pages.begin(), summary.pages.end(), [](const Summary::Page& left, const Summary::Page& right) {
    return left.visits != right.visits ? left.visits > right.visits : left.url < right.url;
  });
  std::unordered_map<std::string, Summary::Page*> by_url;
  for (Summary::Page& page : summary.pages) by_url.emplace(page.url, &page);
  for (LoggedVisit& visit : ReadNewest(FirstIdAt(window_start), kRecentVisitsOfSummary)) {
    const auto page = by_url.find(visit.url);
    if (page == by_url.end()) throw StoreError("a visit has a page without a total; run page-count check");
    auto& recent = page->second->recent;
    if (recent.size() < kRecentVisitsOfSummaryPage) recent.push_back(std::move(visit));
  }
  Rows bounds = bounds_.Run();
  bounds.Next();
  if (!bounds.IsNull(0)) summary.oldest_and_newest = {TimeOf(bounds.Int(0)), TimeOf(bounds.Int(1))};
  return summary;
}

SiteStats Analytics::ReadSite(size_t pages) {
  Transaction transaction(connection_, Transaction::Kind::kRead);
  SiteStats site;
  const auto tail = tail_.Read();
  site.visits = sum_visits_.ReadInt();
  for (const auto& [page, visits] : tail.untotalled) site.visits += visits;
  {
    Rows total = find_total_.Run(kSitePage);
    if (total.Next()) site.clients = total.Int(1);
  }
  site.clients += tail_.NewClientsOfSite(tail);
  site.top_pages = ReadTopPages(tail, pages);
  site.recent = ReadNewest(kNoVisit, kRecentVisitsOfSite);
  return site;
}

// The top pages are among those with the highest totals, and those with visits that their total does not count.
PageCounts Analytics::ReadTopPages(const LogTail& tail, size_t limit) {
  std::map<std::string, int64_t> candidates;
  {
    Rows top = top_pages_.Run(static_cast<int64_t>(limit));
    while (top.Next()) candidates.emplace(top.Bytes(0), top.Int(1));
  }
  for (const auto& [page, visits] : tail.untotalled) {
    Rows total = find_total_.Run(page);
    candidates[UrlOf(page)] = visits + (total.Next() ? total.Int(0) : 0);
  }
  PageCounts pages(candidates.begin(), candidates.end());
  std::sort(pages.begin(), pages.end(), ByCountThenName<std::string>);
  if (pages.size() > limit) pages.resize(limit);
  return pages;
}

PageStats Analytics::ReadPage(const std::string& url, UtcTime window_start) {
  Transaction transaction(connection_, Transaction::Kind::kRead);
  PageStats stats;
  const auto tail = tail_.Read();
  const int64_t page = find_page_.ReadInt(url);
  if (page == 0) return stats;
  if (const auto untotalled = tail.untotalled.find(page); untotalled != tail.untotalled.end()) {
    stats.visits = untotalled->second;
  }
  {
    Rows total = find_total_.Run(page);
    if (total.Next()) {
      stats.visits += total.Int(0);
      stats.clients = total.Int(1);
    }
  }
  stats.clients += tail_.NewClients(tail, page)[page];
  const Window window(window_start);
  const WindowCounts counts = CountPageWindow(page, window, tail);
  const auto names = std::make_shared<std::unordered_map<int64_t, std::string>>();
  stats.agent_names = names;
  stats.by_hour = ToHourCounts(counts.hours);
  stats.by_agent = NameAgents(counts.agents, *names);
  stats.recent = ReadNewestOfPage(page, url, window, counts);
  return stats;
}

template <typename Take>
void Analytics::ForEachVisitBesideRollups(const Window& window, const LogTail& tail, Take take) {
  {
    Rows rows = visit_range_.Run(window.first, window.whole_hours_first, int64_t{-1});
    while (rows.Next()) take(ReadVisitRow(rows));
  }
  tail.ForEachOfPages([&](const VisitRow& visit) {
    if (visit.id >= window.whole_hours_first) take(visit);
  });
}

std::unordered_map<int64_t, WindowCounts> Analytics::CountWindow(const Window& window, const LogTail& tail) {
  std::unordered_map<int64_t, WindowCounts> counts;
  ForEachVisitBesideRollups(window, tail, [&](const VisitRow& visit) { counts[visit.page].Add(visit); });
  Rows hours = hour_range_.Run(window.whole_hours);
  while (hours.Next()) counts[hours.Int(1)].Add(hours.Int(0), hours.Int(2), PackedCounts::Unpack(hours.Bytes(3)));
  return counts;
}

WindowCounts Analytics::CountPageWindow(int64_t page, const Window& window, const LogTail& tail) {
  WindowCounts counts;
  ForEachVisitBesideRollups(window, tail, [&](const VisitRow& visit) {
    if (visit.page == page) counts.Add(visit);
  });
  Hour first = 0;
  Hour last = -1;
  {
    Rows bounds = bounds_.Run();
    bounds.Next();
    first = std::max(window.whole_hours, HourOf(TimeOf(bounds.Int(0))));
    last = HourOf(TimeOf(bounds.Int(1)));
  }
  for (Hour hour = first; hour <= last; ++hour) {
    Rows found = find_hour_.Run(hour, page);
    if (found.Next()) counts.Add(hour, found.Int(0), PackedCounts::Unpack(found.Bytes(1)));
  }
  return counts;
}

std::vector<LoggedVisit> Analytics::ReadNewest(VisitId first, size_t limit) {
  std::vector<LoggedVisit> visits;
  Rows rows = newest_.Run(first, static_cast<int64_t>(limit));
  while (rows.Next()) visits.push_back(ReadLoggedVisit(rows));
  return visits;
}

std::vector<LoggedVisit> Analytics::ReadNewestOfPage(int64_t page, const std::string& url, const Window& window,
                                                     const WindowCounts& counts) {
  std::vector<LoggedVisit> visits;
  for (auto hour = counts.hours.end(); hour != counts.hours.begin() && visits.size() < kRecentVisitsOfPage;) {
    --hour;
    const VisitId from = std::max(window.first, FirstIdAt(StartOf(hour->first)));
    const VisitId before = FirstIdAt(StartOf(hour->first + 1));
    const auto wanted = static_cast<int64_t>(kRecentVisitsOfPage - visits.size());
    Rows rows = newest_of_page_.Run(from, before, page, std::min(wanted, hour->second));
    while (rows.Next()) {
      visits.push_back({url, ReadIp(rows, 1), std::string(rows.Bytes(2)), TimeOf(rows.Int(0))});
    }
  }
  return visits;
}

std::string Analytics::UrlOf(int64_t page) {
  Rows rows = url_.Run(page);
  return rows.Next() ? std::string(rows.Bytes(0)) : std::string();
}

AgentCountList Analytics::NameAgents(const PackedCounts& counts, std::unordered_map<int64_t, std::string>& names) {
  AgentCountList list;
  list.reserve(counts.entries().size());
  for (const auto& [agent, visits] : counts.entries()) {
    auto [name, is_new] = names.try_emplace(agent);
    if (is_new) {
      Rows found = agent_name_.Run(agent);
      if (found.Next()) name->second = found.Bytes(0);
    }
    list.emplace_back(name->second, visits);
  }
  std::sort(list.begin(), list.end(), ByCountThenName<std::string_view>);
  return list;
}

}  // namespace page_count
