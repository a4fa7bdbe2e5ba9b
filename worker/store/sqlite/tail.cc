#include "worker/store/sqlite/tail.h"

#include <algorithm>

namespace page_count {
namespace {

using std::chrono::milliseconds;

// The time of the next visit: see the header.
UtcTime NextTime(UtcTime now, UtcTime newest) {
  UtcTime time = std::max(now, newest);
  if (time == std::chrono::floor<std::chrono::seconds>(time)) time += milliseconds(1);
  return time;
}

}  // namespace

TailVisit::TailVisit(VisitId id, std::string_view url, std::string_view ip, std::string_view user_agent)
    : id_(id), ip_at_(url.size()), user_agent_at_(url.size() + ip.size()) {
  texts_.reserve(user_agent_at_ + user_agent.size());
  texts_.append(url).append(ip).append(user_agent);
}

LoggedVisit TailVisit::ToLogged() const {
  return {std::string(url()), std::string(ip()), std::string(user_agent()), TimeOf(id_)};
}

Tail::Tail(Connection& connection)
    : state_(connection),
      totals_(connection),
      add_(connection, "tail_add"),
      oldest_(connection, "tail_oldest"),
      delete_(connection, "tail_delete") {}

std::vector<Receipt> Tail::Append(std::span<const Visit* const> visits, UtcTime now) {
  const LogState state = state_.Read();
  VisitId id = std::max(FirstIdAt(NextTime(now, TimeOf(state.newest))), state.newest + 1);
  const bool counts =
      std::any_of(visits.begin(), visits.end(), [](const Visit* visit) { return visit->wants_page_visits; });
  if (counts) totals_.CatchUp(state);

  std::vector<Receipt> receipts;
  receipts.reserve(visits.size());
  for (const Visit* visit : visits) {
    const std::string& url = visit->url.text();
    add_.Execute(id, url, visit->ip, visit->user_agent);
    receipts.push_back({TimeOf(id), counts ? totals_.Add(id, url) : 0});
    ++id;
  }
  return receipts;
}

std::vector<TailVisit> Tail::ReadOldest(int64_t limit) {
  std::vector<TailVisit> visits;
  Rows rows = oldest_.Run(limit);
  while (rows.Next()) {
    visits.emplace_back(rows.Int(0), rows.Bytes(1), rows.Bytes(2), rows.Bytes(3));
  }
  return visits;
}

void Tail::DeleteUpTo(VisitId last) { delete_.Execute(last); }

}  // namespace page_count
