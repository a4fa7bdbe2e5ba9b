#include "worker/store/sqlite/visit_log.h"

#include <algorithm>
#include <unordered_map>

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

VisitLog::VisitLog(Connection& connection)
    : pages_(connection, "page_find", "page_add", 16'384),
      clients_(connection, "client_find", "client_add", 32'768),
      agents_(connection, "agent_find", "agent_add", 2'048),
      read_state_(connection, "state_read"),
      read_bounds_(connection, "visit_bounds"),
      last_within_(connection, "visit_last_within"),
      add_visit_(connection, "visit_add"),
      add_total_(connection, "page_total_add") {}

void VisitLog::ForgetTexts() {
  pages_.Forget();
  clients_.Forget();
  agents_.Forget();
}

VisitId VisitLog::NewestId() {
  VisitId newest = kNoVisit;
  {
    Rows state = read_state_.Run();
    state.Next();
    newest = state.Int(1);
    if (const int64_t epoch = state.Int(2); epoch != dictionary_epoch_) {
      ForgetTexts();
      dictionary_epoch_ = epoch;
    }
  }
  Rows bounds = read_bounds_.Run();
  bounds.Next();
  return std::max(newest, bounds.Int(1));
}

VisitRow VisitLog::RowOf(VisitId id, std::string_view url, std::string_view ip, std::string_view user_agent) {
  return {id, pages_.IdOf(url), clients_.IdOf(ip), agents_.IdOf(user_agent)};
}

void VisitLog::Add(const VisitRow& row) { add_visit_.Execute(row.id, row.page, row.client, row.agent); }

std::vector<Receipt> VisitLog::Append(std::span<const Visit* const> visits, UtcTime now) {
  const VisitId newest = NewestId();
  const UtcTime at = NextTime(now, TimeOf(newest));
  VisitId id = std::max(FirstIdAt(at), newest + 1);

  std::vector<Receipt> receipts;
  std::vector<int64_t> pages;
  std::unordered_map<int64_t, int64_t> counts;  // of this batch, by page
  receipts.reserve(visits.size());
  pages.reserve(visits.size());
  for (const Visit* visit : visits) {
    const VisitRow row = RowOf(id, visit->url.text(), visit->ip, visit->user_agent);
    Add(row);
    pages.push_back(row.page);
    receipts.push_back({TimeOf(id), ++counts[row.page]});
    ++id;
  }
  for (auto& [page, count] : counts) count = add_total_.ReadInt(page, count) - count;
  for (size_t i = 0; i < receipts.size(); ++i) receipts[i].page_visits += counts[pages[i]];
  return receipts;
}

std::vector<VisitRow> VisitLog::Insert(std::span<const LoggedVisit> visits) {
  NewestId();  // drops what is void of the texts
  std::vector<VisitRow> rows;
  std::unordered_map<int64_t, VisitId> next_ids;  // by millisecond
  std::unordered_map<int64_t, int64_t> counts;    // by page
  rows.reserve(visits.size());
  for (const LoggedVisit& visit : visits) {
    const VisitId first = FirstIdAt(visit.at);
    auto [next, is_new] = next_ids.try_emplace(visit.at.time_since_epoch().count(), first);
    if (is_new) {
      const VisitId last = last_within_.ReadInt(first, FirstIdAt(visit.at + milliseconds(1)));
      next->second = std::max(first, last + 1);
    }
    rows.push_back(RowOf(next->second++, visit.url, visit.ip, visit.user_agent));
    Add(rows.back());
    ++counts[rows.back().page];
  }
  for (const auto& [page, count] : counts) add_total_.Execute(page, count);
  return rows;
}

}  // namespace page_count
