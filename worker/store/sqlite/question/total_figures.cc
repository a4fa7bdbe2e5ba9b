#include "worker/store/sqlite/question/total_figures.h"

#include <algorithm>

#include "worker/store/sqlite/log/page_totals.h"

namespace page_count {
namespace {

using Measure = Question::Measure;

// In place of a number below 0, of a client without an id: after all ids, and small enough for a PageClientKey.
constexpr int64_t kFirstNewClient = int64_t{1} << (kClientBits - 1);

constexpr int64_t kMostUncounted = 8 * static_cast<int64_t>(kMaxBlockVisits);  // more are counted faster from blocks

// Whether the only filter, if there is one, is a page.
bool AsksForOnePageAtMost(const Filters& filters) {
  constexpr size_t kPage = IndexOf(Dimension::kPage);
  for (size_t text = 0; text < kTexts; ++text) {
    if (filters[text].size() > (text == kPage ? 1 : 0)) return false;
  }
  return true;
}

}  // namespace

TotalFigures::TotalFigures(Connection& connection, TextReader& texts)
    : texts_(texts),
      blocks_(connection),
      page_clients_(connection),
      find_total_(connection, kPageTotalFind),
      all_totals_(connection, "page_total_all() -> page_id, visits, clients, url"),
      top_pages_(connection, "page_total_top(limit) -> page_id, visits, url"),
      sum_visits_(connection, "page_total_sum() -> visits") {}

void TotalFigures::StartSnapshot(const LogTail& tail) { snapshot_ = {.tail = &tail}; }

std::optional<Groups> TotalFigures::Count(const Question& question) {
  const bool is_of_all_time = question.range.from <= UtcTime() && question.range.before == UtcTime::max();
  if (!is_of_all_time || !AsksForOnePageAtMost(question.filters)) return std::nullopt;
  if (!question.page_prefixes.empty() || question.bots != Question::Bots::kInclude) return std::nullopt;
  if (question.measure == Measure::kVisitors && !CountsClients()) return std::nullopt;
  const auto& filter = question.filters[IndexOf(Dimension::kPage)];
  if (question.group_by.empty()) {
    if (filter.empty()) return Groups{{{}, CountSite(question.measure)}};
    const auto page = texts_.FindId(Dimension::kPage, filter[0]);
    return Groups{{{}, page ? CountPage(*page, question.measure) : 0}};
  }
  if (question.group_by != std::vector{Dimension::kPage} || !filter.empty()) return std::nullopt;
  const bool is_of_top = question.measure == Measure::kVisits && question.limit && question.offset == 0 &&
                         question.order == Question::Order::kByCount;
  return is_of_top ? CountTopPages(*question.limit) : CountPages(question.measure);
}

int64_t TotalFigures::CountSite(Measure measure) {
  if (measure == Measure::kVisits) return sum_visits_.ReadInt() + static_cast<int64_t>(snapshot_.tail->visits.size());
  return CountPage(kSitePage, measure);
}

int64_t TotalFigures::CountPage(int64_t page, Measure measure) {
  int64_t visits = 0;
  int64_t clients = 0;
  {
    Rows total = find_total_.Run(page);
    if (total.Next()) {
      visits = total.Int(0);
      clients = total.Int(1);
    }
  }
  if (measure == Measure::kVisitors) return clients + NewClients(page)[page];
  const auto more = snapshot_.tail->by_page.find(page);
  return visits + (more == snapshot_.tail->by_page.end() ? 0 : more->second);
}

// The top pages are among those with the highest totals, and those with visits that their total does not count.
Groups TotalFigures::CountTopPages(size_t limit) {
  std::unordered_map<int64_t, int64_t> counts;
  {
    Rows top = top_pages_.Run(static_cast<int64_t>(limit));
    while (top.Next()) {
      texts_.Put(Dimension::kPage, top.Int(0), top.Bytes(2));
      counts.emplace(top.Int(0), top.Int(1));
    }
  }
  for (const auto& [page, visits] : snapshot_.tail->by_page) counts[page] = CountPage(page, Measure::kVisits);
  Groups groups;
  for (const auto& [page, visits] : counts) groups.push_back({{page}, visits});
  return groups;
}

Groups TotalFigures::CountPages(Measure measure) {
  const bool counts_visits = measure == Measure::kVisits;
  auto more = counts_visits ? snapshot_.tail->by_page : NewClients(kAllPages);
  more.erase(kSitePage);
  Groups groups;
  {
    Rows rows = all_totals_.Run();
    while (rows.Next()) {
      const int64_t page = rows.Int(0);
      texts_.Put(Dimension::kPage, page, rows.Bytes(3));
      const auto added = more.extract(page);
      groups.push_back({{page}, rows.Int(counts_visits ? 1 : 2) + (added ? added.mapped() : 0)});
    }
  }
  for (const auto& [page, count] : more) groups.push_back({{page}, count});
  return groups;
}

bool TotalFigures::CountsClients() {
  if (!snapshot_.counts_clients) {
    int64_t visits = 0;
    const VisitId watermark = snapshot_.tail->state.clients.clients_watermark;
    for (const Block& block : blocks_.Find(watermark + 1, kAfterAllVisits)) visits += block.visits;
    snapshot_.counts_clients = visits <= kMostUncounted;
  }
  return *snapshot_.counts_clients;
}

const std::vector<VisitRow>& TotalFigures::UncountedSealed() {
  if (!snapshot_.sealed) {
    const VisitId watermark = snapshot_.tail->state.clients.clients_watermark;
    snapshot_.sealed = blocks_.ReadRange(watermark + 1, kAfterAllVisits, SIZE_MAX);
  }
  return *snapshot_.sealed;
}

std::unordered_map<int64_t, int64_t> TotalFigures::NewClients(int64_t only_page) {
  const LogTail& tail = *snapshot_.tail;
  std::vector<VisitRow> visits;
  for (const auto* some : {&UncountedSealed(), &tail.visits}) {
    std::copy_if(some->begin(), some->end(), std::back_inserter(visits), [&](const VisitRow& visit) {
      return only_page == kAllPages || only_page == kSitePage || visit.page() == only_page;
    });
  }
  for (VisitRow& visit : visits) {
    int64_t& client = visit.texts[IndexOf(Dimension::kClient)];
    if (client < 0) client = kFirstNewClient - client;
  }
  std::unordered_map<int64_t, int64_t> new_clients;
  std::vector<PageClient> sought;
  for (const PageClient& client : UncountedClients(visits, tail.state.clients)) {
    if (only_page != kAllPages && client.page_id != only_page) continue;
    if (client.client_id >= kFirstNewClient) {
      ++new_clients[client.page_id];
    } else {
      sought.push_back(client);
    }
  }
  page_clients_.ForEachPart(sought, [&](PageClientSpan of_part, const PageClients::Part& part) {
    for (const PageClient& client : of_part) {
      const bool is_known = std::binary_search(part.clients.begin(), part.clients.end(), client.client_id);
      new_clients[part.page] += is_known ? 0 : 1;
    }
  });
  return new_clients;
}

}  // namespace page_count
