#include "worker/store/sqlite/question/rollup_figures.h"

#include <algorithm>

#include "worker/store/sqlite/log/page_totals.h"
#include "worker/store/sqlite/rollup/rollups.h"

namespace page_count {
namespace {

using Measure = Question::Measure;
using Dimensions = std::vector<Dimension>;

// Whether the only filter, if there is one, is a page.
bool AsksForOnePageAtMost(const Filters& filters) {
  constexpr size_t kPage = IndexOf(Dimension::kPage);
  for (size_t column = 0; column < kColumns; ++column) {
    if (filters[column].size() > (column == kPage ? 1 : 0)) return false;
  }
  return true;
}

// The rows of a page's hours, or of its user agents, after the keys that `keys` begins with.
void AddRows(const WindowCounts& counts, Dimension dimension, Figures::Row row, size_t place, Groups& groups) {
  const auto add = [&](int64_t key, int64_t visits) {
    row.keys[place] = key;
    row.count = visits;
    groups.push_back(row);
  };
  if (dimension == Dimension::kHour) {
    for (const auto& [hour, visits] : counts.hours) add(hour, visits);
  } else {
    for (const auto& [agent, visits] : counts.agents.entries()) add(agent, visits);
  }
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

RollupFigures::Window::Window(UtcTime start) : first(FirstIdAt(start)), whole_hours(HourOf(start)) {
  if (start != StartOf(whole_hours)) ++whole_hours;
  whole_hours_first = FirstIdAt(StartOf(whole_hours));
}

RollupFigures::RollupFigures(Connection& connection, LogTailReader& tail_reader, TextReader& texts)
    : tail_reader_(tail_reader),
      texts_(texts),
      bounds_(connection, kVisitBounds),
      visit_range_(connection, kVisitRange),
      find_page_(connection, "page_find(url) -> id"),
      find_total_(connection, kPageTotalFind),
      all_totals_(connection, "page_total_all() -> page_id, visits, clients, url"),
      top_pages_(connection, "page_total_top(limit) -> page_id, visits, url"),
      sum_visits_(connection, "page_total_sum() -> visits"),
      find_hour_(connection, kPageHourFind),
      hour_range_(connection, "page_hour_range(from_hour) -> hour, page_id, visits, agents") {}

void RollupFigures::StartSnapshot(const LogTail& tail) { snapshot_ = {.tail = &tail}; }

std::optional<Groups> RollupFigures::Count(const Question& question) {
  if (question.range.before != UtcTime::max() || !AsksForOnePageAtMost(question.filters)) return std::nullopt;
  const bool is_of_all_time = question.range.from <= UtcTime();
  const auto& filter = question.filters[IndexOf(Dimension::kPage)];
  const auto& by = question.group_by;
  const bool counts_visits = question.measure == Measure::kVisits;
  if (by.empty()) {
    if (!is_of_all_time) return std::nullopt;
    const int64_t count =
        filter.empty() ? CountSite(question.measure) : CountPage(FindPage(filter[0]), question.measure);
    return Groups{{{}, count}};
  }
  const Dimension last = by.back();
  const bool is_of_windows = counts_visits && (last == Dimension::kHour || last == Dimension::kAgent);
  Groups groups;
  if (by == Dimensions{Dimension::kPage} && filter.empty() && is_of_all_time) {
    const bool is_of_top = counts_visits && question.limit && question.order == Question::Order::kByCount;
    if (is_of_top) return CountTopPages(*question.limit);
    for (const PageTotal& total : TotalsOfPages()) {
      groups.push_back({{total.page}, counts_visits ? total.visits : total.clients});
    }
  } else if (by.size() == 1 && is_of_windows && !filter.empty()) {
    AddRows(WindowOfPage(FindPage(filter[0]), question.range.from), last, {}, 0, groups);
  } else if (by.size() == 2 && by.front() == Dimension::kPage && is_of_windows && filter.empty()) {
    for (const auto& [page, counts] : WindowOfAll(question.range.from)) AddRows(counts, last, {{page}, 0}, 1, groups);
  } else {
    return std::nullopt;
  }
  return groups;
}

int64_t RollupFigures::CountSite(Measure measure) {
  const LogTail& tail = *snapshot_.tail;
  if (measure == Measure::kVisits) {
    int64_t visits = sum_visits_.ReadInt();
    for (const auto& [page, untotalled] : tail.untotalled) visits += untotalled;
    return visits;
  }
  Rows total = find_total_.Run(kSitePage);
  return (total.Next() ? total.Int(1) : 0) + tail_reader_.NewClientsOfSite(tail);
}

int64_t RollupFigures::CountPage(int64_t page, Measure measure) {
  if (page == kNoPage) return 0;
  const LogTail& tail = *snapshot_.tail;
  Rows total = find_total_.Run(page);
  const bool has_total = total.Next();
  if (measure == Measure::kVisits) {
    const auto untotalled = tail.untotalled.find(page);
    return (has_total ? total.Int(0) : 0) + (untotalled == tail.untotalled.end() ? 0 : untotalled->second);
  }
  return (has_total ? total.Int(1) : 0) + tail_reader_.NewClients(tail, page)[page];
}

// The top pages are among those with the highest totals, and those with visits that their total does not count.
Groups RollupFigures::CountTopPages(size_t limit) {
  std::unordered_map<int64_t, int64_t> counts;
  {
    Rows top = top_pages_.Run(static_cast<int64_t>(limit));
    while (top.Next()) {
      texts_.Put(Dimension::kPage, top.Int(0), top.Bytes(2));
      counts.emplace(top.Int(0), top.Int(1));
    }
  }
  for (const auto& [page, untotalled] : snapshot_.tail->untotalled) counts[page] = CountPage(page, Measure::kVisits);
  Groups groups;
  for (const auto& [page, visits] : counts) groups.push_back({{page}, visits});
  return groups;
}

const std::vector<RollupFigures::PageTotal>& RollupFigures::TotalsOfPages() {
  if (snapshot_.totals) return *snapshot_.totals;
  auto& totals = snapshot_.totals.emplace();
  auto untotalled = snapshot_.tail->untotalled;
  auto new_clients = tail_reader_.NewClients(*snapshot_.tail, LogTailReader::kAllPages);
  {
    Rows rows = all_totals_.Run();
    while (rows.Next()) {
      const int64_t page = rows.Int(0);
      texts_.Put(Dimension::kPage, page, rows.Bytes(3));
      const auto more = untotalled.extract(page);
      totals.push_back({page, rows.Int(1) + (more ? more.mapped() : 0), rows.Int(2) + new_clients[page]});
    }
  }
  for (const auto& [page, visits] : untotalled) totals.push_back({page, visits, new_clients[page]});
  return totals;
}

int64_t RollupFigures::FindPage(const std::string& url) {
  Rows page = find_page_.Run(url);
  return page.Next() ? page.Int(0) : kNoPage;
}

template <typename Take>
void RollupFigures::ForEachVisitBesideRollups(const Window& window, Take take) {
  {
    Rows rows = visit_range_.Run(window.first, window.whole_hours_first, int64_t{-1});
    while (rows.Next()) take(ReadVisitRow(rows));
  }
  snapshot_.tail->ForEachOfPages([&](const VisitRow& visit) {
    if (visit.id >= window.whole_hours_first) take(visit);
  });
}

const RollupFigures::WindowOfPages& RollupFigures::WindowOfAll(UtcTime from) {
  const auto [found, is_new] = snapshot_.windows.try_emplace(from);
  WindowOfPages& counts = found->second;
  if (!is_new) return counts;
  const Window window(from);
  ForEachVisitBesideRollups(window, [&](const VisitRow& visit) { counts[visit.page].Add(visit); });
  Rows hours = hour_range_.Run(window.whole_hours);
  while (hours.Next()) counts[hours.Int(1)].Add(hours.Int(0), hours.Int(2), PackedCounts::Unpack(hours.Bytes(3)));
  return counts;
}

const WindowCounts& RollupFigures::WindowOfPage(int64_t page, UtcTime from) {
  const auto [found, is_new] = snapshot_.windows_of_page.try_emplace({page, from});
  WindowCounts& counts = found->second;
  if (!is_new || page == kNoPage) return counts;
  const Window window(from);
  ForEachVisitBesideRollups(window, [&](const VisitRow& visit) {
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
    Rows found_hour = find_hour_.Run(hour, page);
    if (found_hour.Next()) counts.Add(hour, found_hour.Int(0), PackedCounts::Unpack(found_hour.Bytes(1)));
  }
  return counts;
}

}  // namespace page_count
