#include "worker/store/sqlite/uncounted.h"

#include <algorithm>
#include <string_view>

#include "worker/store/sqlite/client_id.h"

namespace page_count {
namespace {

// Ids of texts: a table's, and numbers below 0 for what it does not have.
class TextIds {
 public:
  explicit TextIds(Statement& find) : find_(find) {}

  int64_t IdOf(std::string_view text) {
    auto [id, is_first] = ids_.try_emplace(text, 0);
    if (is_first) {
      Rows found = find_.Run(text);
      id->second = found.Next() ? found.Int(0) : --newest_;
    }
    return id->second;
  }

 private:
  Statement& find_;
  std::unordered_map<std::string_view, int64_t> ids_;
  int64_t newest_ = 0;
};

}  // namespace

UncountedReader::UncountedReader(Connection& connection)
    : state_(connection),
      tail_(connection),
      visit_range_(connection, "visit_range"),
      find_page_(connection, "page_find"),
      find_client_(connection, "client_find"),
      find_agent_(connection, "agent_find"),
      page_clients_(connection) {}

Uncounted UncountedReader::Read() {
  Uncounted uncounted;
  uncounted.state = state_.Read();
  uncounted.filed = ReadVisits(visit_range_, uncounted.state.progress.rolled_up + 1, kBehindAllVisits, -1);
  uncounted.texts = tail_.ReadOldest(-1);
  ResolveTail(uncounted);
  return uncounted;
}

void UncountedReader::ResolveTail(Uncounted& uncounted) {
  TextIds pages(find_page_);
  TextIds clients(find_client_);
  TextIds agents(find_agent_);
  uncounted.tail.reserve(uncounted.texts.size());
  for (const TailVisit& visit : uncounted.texts) {
    const auto ipv4_client = Ipv4ClientOf(visit.ip());
    const VisitRow row{visit.id(), pages.IdOf(visit.url()), ipv4_client ? *ipv4_client : clients.IdOf(visit.ip()),
                       agents.IdOf(visit.user_agent())};
    uncounted.tail.push_back(row);
    auto [page, is_first] = uncounted.pages.try_emplace(row.page);
    if (is_first) page->second.url = visit.url();
    ++page->second.visits;
    if (row.agent < 0) uncounted.new_agents.try_emplace(row.agent, visit.user_agent());
  }
}

std::unordered_map<int64_t, int64_t> UncountedReader::NewClients(const Uncounted& uncounted, int64_t only_page) {
  Pairs pairs;
  uncounted.ForEachOfPages([&](const VisitRow& visit) {
    if (only_page == kAllPages || visit.page == only_page) pairs.emplace_back(visit.page, visit.client);
  });
  return CountNew(std::move(pairs));
}

int64_t UncountedReader::NewClientsOfSite(const Uncounted& uncounted) {
  Pairs pairs;
  for (const VisitRow& visit : uncounted.filed) {
    if (!uncounted.state.progress.CountsForSite(visit)) pairs.emplace_back(kSitePage, visit.client);
  }
  for (const VisitRow& visit : uncounted.tail) pairs.emplace_back(kSitePage, visit.client);
  return CountNew(std::move(pairs))[kSitePage];
}

std::unordered_map<int64_t, int64_t> UncountedReader::CountNew(Pairs pairs) {
  std::sort(pairs.begin(), pairs.end());
  pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
  std::unordered_map<int64_t, int64_t> new_clients;
  std::vector<BulkRow> sought;
  for (const auto& [page, client] : pairs) {
    if (page < 0 || client < 0) {
      ++new_clients[page];
    } else {
      sought.push_back({.a = page, .b = client});
    }
  }
  page_clients_.ForEachPart(sought, [&](BulkRows of_part, const PageClients::Part& part) {
    for (const BulkRow& row : of_part) new_clients[part.page] += part.clients.Has(row.b) ? 0 : 1;
  });
  return new_clients;
}

}  // namespace page_count
