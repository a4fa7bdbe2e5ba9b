#include "worker/store/sqlite/log/appender.h"

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

Appender::Appender(Connection& connection) : state_(connection), log_(connection), totals_(connection) {}

std::vector<Receipt> Appender::Append(std::span<const Visit* const> visits, UtcTime now) {
  const LogState state = state_.Read();
  log_.InvalidateIfNewer(state.generation);
  const bool counts =
      std::any_of(visits.begin(), visits.end(), [](const Visit* visit) { return visit->wants_page_visits; });
  if (counts) totals_.CatchUp(state);

  const auto rows = Add(visits, std::max(FirstIdAt(NextTime(now, TimeOf(state.newest))), state.newest + 1));
  std::vector<Receipt> receipts;
  receipts.reserve(rows.size());
  for (const VisitRow& row : rows) receipts.push_back({TimeOf(row.id), counts ? totals_.Add(row) : 0});
  return receipts;
}

std::vector<VisitRow> Appender::Add(std::span<const Visit* const> visits, VisitId first_id) {
  std::vector<VisitTexts> texts;
  texts.reserve(visits.size());
  for (const Visit* visit : visits) {
    texts.push_back({first_id++, visit->url.text(), visit->ip, visit->user_agent, visit->source});
  }
  std::vector<VisitRow> rows;
  PendingIds pending = log_.FindTexts(texts, rows);
  while (pending.HasMissing()) log_.AddTexts(pending);
  VisitLog::AssignIds(pending, rows);
  log_.Append(rows, texts);
  return rows;
}

}  // namespace page_count
