#include "worker/store/sqlite/question/log_tail.h"

#include <algorithm>
#include <string_view>

#include "worker/store/visit_store.h"

namespace page_count {

int64_t LogTail::ClientOf(VisitId id) const {
  const auto visit = std::lower_bound(visits.begin(), visits.end(), id,
                                      [](const VisitRow& row, VisitId sought) { return row.id < sought; });
  if (visit == visits.end() || visit->id != id) throw StoreError("a visit has no client; run page-count check");
  return visit->client;
}

LogTailReader::LogTailReader(Connection& connection)
    : state_(connection),
      pending_clients_(connection),
      visit_range_(connection, kVisitRange),
      find_client_(connection, "client_find(ip) -> id"),
      page_clients_(connection) {}

LogTail LogTailReader::Read() {
  LogTail tail;
  tail.state = state_.Read();
  tail.visits = ReadVisits(visit_range_, tail.state.progress.rollup_watermark + 1, kAfterAllVisits, -1);
  NameClients(tail);
  const auto& visits = tail.visits;
  for (size_t i = visits.size(); i > 0 && visits[i - 1].id > tail.state.totals_watermark; --i) {
    ++tail.untotalled[visits[i - 1].page];
  }
  return tail;
}

void LogTailReader::NameClients(LogTail& tail) {
  const auto pending = pending_clients_.ReadUpTo(kAfterAllVisits);
  std::unordered_map<std::string_view, int64_t> clients;
  auto of_visit = pending.begin();
  for (VisitRow& visit : tail.visits) {
    if (visit.client != kPendingClient) continue;
    while (of_visit != pending.end() && of_visit->id < visit.id) ++of_visit;
    if (of_visit == pending.end() || of_visit->id != visit.id) {
      throw StoreError("a visit has no client; run page-count check");
    }
    auto [client, is_first] = clients.try_emplace(of_visit->ip, 0);
    if (is_first) {
      Rows found = find_client_.Run(of_visit->ip);
      const bool has_id = found.Next();
      if (!has_id) tail.new_clients.push_back(of_visit->ip);
      client->second = has_id ? found.Int(0) : -static_cast<int64_t>(tail.new_clients.size());
    }
    visit.client = client->second;
  }
}

std::unordered_map<int64_t, int64_t> LogTailReader::NewClients(const LogTail& tail, int64_t only_page) {
  Pairs pairs;
  tail.ForEachOfPages([&](const VisitRow& visit) {
    if (only_page == kAllPages || visit.page == only_page) pairs.emplace_back(visit.page, visit.client);
  });
  return CountNew(std::move(pairs));
}

int64_t LogTailReader::NewClientsOfSite(const LogTail& tail) {
  Pairs pairs;
  for (const VisitRow& visit : tail.visits) {
    if (!tail.state.progress.CountsForSite(visit)) pairs.emplace_back(kSitePage, visit.client);
  }
  return CountNew(std::move(pairs))[kSitePage];
}

std::unordered_map<int64_t, int64_t> LogTailReader::CountNew(Pairs pairs) {
  std::sort(pairs.begin(), pairs.end());
  pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
  std::unordered_map<int64_t, int64_t> new_clients;
  std::vector<ClientVisits> sought;
  sought.reserve(pairs.size());
  for (const auto& [page, client] : pairs) {
    if (client < 0) {
      ++new_clients[page];
    } else {
      sought.push_back({.page_id = page, .client_id = client});
    }
  }
  page_clients_.ForEachPart(sought, [&](ClientVisitsSpan of_part, const PageClients::Part& part) {
    for (const ClientVisits& row : of_part) new_clients[part.page] += part.clients.Has(row.client_id) ? 0 : 1;
  });
  return new_clients;
}

}  // namespace page_count
