#include "worker/store/sqlite/visit_log.h"

#include <algorithm>
#include <unordered_map>

namespace page_count {

using std::chrono::milliseconds;

LoggedVisit ReadLoggedVisit(const Rows& rows) {
  return {std::string(rows.Bytes(1)), std::string(rows.Bytes(2)), std::string(rows.Bytes(3)), TimeOf(rows.Int(0))};
}

std::vector<VisitRow> ReadVisits(Statement& visit_range, VisitId from, VisitId before, int64_t limit) {
  std::vector<VisitRow> visits;
  Rows rows = visit_range.Run(from, before, limit);
  while (rows.Next()) visits.push_back({rows.Int(0), rows.Int(1), rows.Int(2), rows.Int(3)});
  return visits;
}

VisitLog::VisitLog(Connection& connection)
    : pages_(connection, "page_find", "page_add", 16'384),
      clients_(connection, "client_find", "client_add", 32'768),
      agents_(connection, "agent_find", "agent_add", 2'048),
      last_within_(connection, "visit_last_within"),
      add_visit_(connection, "visit_add"),
      add_total_(connection, "page_total_add") {}

void VisitLog::EnterEpoch(int64_t epoch) {
  if (epoch == epoch_) return;
  pages_.Forget();
  clients_.Forget();
  agents_.Forget();
  epoch_ = epoch;
}

VisitRow VisitLog::Find(VisitId id, std::string_view url, std::string_view ip, std::string_view user_agent) {
  return {id, pages_.Find(url), clients_.Find(ip), agents_.Find(user_agent)};
}

VisitRow VisitLog::RowOf(VisitId id, std::string_view url, std::string_view ip, std::string_view user_agent) {
  return {id, pages_.IdOf(url), clients_.IdOf(ip), agents_.IdOf(user_agent)};
}

void VisitLog::Add(std::span<const VisitRow> visits) {
  std::vector<int64_t> pages;
  pages.reserve(visits.size());
  for (const VisitRow& visit : visits) {
    add_visit_.Execute(visit.id, visit.page, visit.client, visit.agent);
    pages.push_back(visit.page);
  }
  std::sort(pages.begin(), pages.end());
  for (auto first = pages.begin(); first != pages.end();) {
    const auto last = std::upper_bound(first, pages.end(), *first);
    add_total_.Execute(*first, static_cast<int64_t>(last - first));
    first = last;
  }
}

std::vector<VisitId> VisitLog::NumberPast(std::span<const LoggedVisit> visits) {
  std::vector<VisitId> ids;
  std::unordered_map<int64_t, VisitId> next_ids;  // by millisecond
  ids.reserve(visits.size());
  for (const LoggedVisit& visit : visits) {
    const VisitId first = FirstIdAt(visit.at);
    auto [next, is_new] = next_ids.try_emplace(visit.at.time_since_epoch().count(), first);
    if (is_new) {
      const VisitId last = last_within_.ReadInt(first, FirstIdAt(visit.at + milliseconds(1)));
      next->second = std::max(first, last + 1);
    }
    ids.push_back(next->second++);
  }
  return ids;
}

}  // namespace page_count
