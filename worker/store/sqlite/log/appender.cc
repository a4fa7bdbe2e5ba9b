#include "worker/store/sqlite/log/appender.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <unordered_map>

#include "worker/store/sqlite/log/text_statements.h"
#include "worker/visits/request_id.h"

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

Appender::Appender(Connection& connection)
    : state_(connection),
      log_(connection),
      totals_(connection),
      request_ids_(connection),
      find_page_(connection, StatementsOf(Dimension::kPage).find),
      put_title_(connection, "page_title_put(page_id, title)") {}

std::vector<Receipt> Appender::Append(std::span<const Visit* const> visits, UtcTime now) {
  const LogState state = state_.Read();
  log_.InvalidateIfNewer(state.generation);
  const bool counts =
      std::any_of(visits.begin(), visits.end(), [](const Visit* visit) { return visit->wants_page_visits; });
  if (counts) totals_.CatchUp(state);

  const VisitId first_id = std::max(FirstIdAt(NextTime(now, TimeOf(state.newest))), state.newest + 1);
  const bool has_ids =
      std::any_of(visits.begin(), visits.end(), [](const Visit* visit) { return !visit->request_id.empty(); });
  if (has_ids) request_ids_.CatchUp();
  auto [new_visits, receipts] = Sort(visits, first_id, now);
  if (!new_visits.empty()) {
    const auto rows = Add(new_visits, first_id);
    PutTitles(new_visits, rows);
    auto row = rows.begin();
    for (Receipt& receipt : receipts) {
      if (receipt.outcome != Receipt::Outcome::kRecorded) continue;
      if (counts) receipt.page_visits = totals_.Add(*row);
      ++row;
    }
  }
  for (size_t i = 0; i < visits.size(); ++i) {
    const bool is_duplicate = receipts[i].outcome == Receipt::Outcome::kDuplicate;
    if (is_duplicate && visits[i]->wants_page_visits) receipts[i].page_visits = TotalOf(*visits[i]);
  }
  return receipts;
}

Appender::Sorted Appender::Sort(std::span<const Visit* const> visits, VisitId first_id, UtcTime now) {
  Sorted sorted;
  sorted.receipts.reserve(visits.size());
  sorted.new_visits.reserve(visits.size());
  VisitId next_id = first_id;
  for (const Visit* visit : visits) {
    std::optional<KeyedHash> id;
    if (!visit->request_id.empty()) id = HashOfRequestId(visit->request_id);
    if (const auto earlier = id ? request_ids_.Find(*id, now) : std::nullopt) {
      sorted.receipts.push_back({TimeOf(*earlier), 0, Receipt::Outcome::kDuplicate});
    } else if (visit->only_if_recorded) {
      sorted.receipts.push_back({now, 0, Receipt::Outcome::kRefused});
    } else {
      if (id) request_ids_.Put(*id, next_id);
      sorted.receipts.push_back({TimeOf(next_id), 0});
      sorted.new_visits.push_back(visit);
      ++next_id;
    }
  }
  return sorted;
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

void Appender::PutTitles(std::span<const Visit* const> visits, std::span<const VisitRow> rows) {
  std::unordered_map<int64_t, std::string_view> newest;
  for (size_t i = 0; i < visits.size(); ++i) {
    if (!visits[i]->title.empty()) newest[rows[i].page()] = visits[i]->title;
  }
  for (const auto& [page, title] : newest) put_title_.Execute(page, title);
}

// Of the page that a visit is to, the batch's included.
int64_t Appender::TotalOf(const Visit& visit) {
  Rows rows = find_page_.Run(visit.url.text());
  return rows.Next() ? totals_.Of(rows.Int(0)) : 0;
}

}  // namespace page_count
