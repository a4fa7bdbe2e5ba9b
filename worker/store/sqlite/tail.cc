#include "worker/store/sqlite/tail.h"

#include <algorithm>

#include "worker/store/sqlite/rollups.h"

namespace page_count {

TailReader::TailReader(Connection& connection)
    : read_state_(connection, "state_read"),
      visit_range_(connection, "visit_range"),
      find_client_(connection, "page_client_find") {}

TailReader::Tail TailReader::Read() {
  Tail tail;
  tail.watermark = read_state_.ReadInt();
  tail.visits = ReadVisits(visit_range_, tail.watermark + 1, kBehindAllVisits, -1);
  return tail;
}

std::unordered_map<int64_t, int64_t> TailReader::NewClients(const Tail& tail, int64_t only_page) {
  std::vector<std::pair<int64_t, int64_t>> pairs;
  for (const VisitRow& visit : tail.visits) {
    if (only_page == kAllPages || visit.page == only_page) pairs.emplace_back(visit.page, visit.client);
    if (only_page == kSite) pairs.emplace_back(kSite, visit.client);
  }
  std::sort(pairs.begin(), pairs.end());
  pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
  std::unordered_map<int64_t, int64_t> new_clients;
  for (const auto& [page, client] : pairs) {
    Rows known = find_client_.Run(page, client);
    if (!known.Next()) ++new_clients[page];
  }
  return new_clients;
}

}  // namespace page_count
