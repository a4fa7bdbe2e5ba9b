// The log and its dictionaries: what a commit writes. The tables are described in sql/sqlite/schema.sql.
//
// Invariants:
//   1. A recorded visit's id is greater than any that is in the log or was given out before, unless a cleanup --after
//      took the newest away: whoever reads on from an id misses nothing. Only an import adds ids in the past, and those
//      are below totals_watermark.
//   2. Every page, client and agent id of a visit has its dictionary row. An IPv4 address is its own client id; for a
//      client id of 0 the address is in pending_client, and only visits after totals_watermark have that id.
//   3. Dictionary ids count on from state.last_*_id and are never given again. A transaction that deletes texts starts
//      the next generation; caches of another generation are cleared before they are read. (An import keeps its own: it
//      holds the maintenance lock, so nobody deletes texts.)
//   4. page_total.visits is the number of a page's visits up to totals_watermark.
//
// A batch, in one write transaction (Appender::Append):
//   a. read `state`; clear the caches if the generation is another one
//   b. first id: the clock's, or the one after the newest
//   c. look the texts up, in the caches and then in the tables; add the missing ones, and raise state.last_*_id
//   d. append the rows, and the addresses of pending clients
//   e. commit
// A process that dies before e leaves nothing of the batch; one that dies after it leaves all of it. A failure before e
// rolls back and closes the session, whose caches may know ids that are not in the file.
//
// Rolling up and importing add texts in transactions of their own, before the visits that refer to them: a process that
// dies in between leaves texts without a visit, which are found again when they are next looked up.

#include "worker/store/sqlite/log/visit_log.h"

#include <algorithm>
#include <unordered_map>

#include "worker/store/sqlite/log/client_id.h"
#include "worker/store/visit_store.h"

namespace page_count {
namespace {

using std::chrono::milliseconds;

constexpr size_t kAddedAtOnce = 1'024;  // texts, a transaction's

struct PageVisits {
  static constexpr size_t kIntegers = 2;

  int64_t page_id;
  int64_t visits;
};

}  // namespace

std::string ReadIp(const Rows& rows, int column) {
  return rows.IsInt(column) ? IpOfIpv4Client(rows.Int(column)) : std::string(rows.Bytes(column));
}

LoggedVisit ReadLoggedVisit(const Rows& rows) {
  return {std::string(rows.Bytes(1)), ReadIp(rows, 2), std::string(rows.Bytes(3)), TimeOf(rows.Int(0))};
}

VisitRow ReadVisitRow(const Rows& rows) { return {rows.Int(0), rows.Int(1), rows.Int(2), rows.Int(3)}; }

std::vector<VisitRow> ReadVisits(Statement& visit_range, VisitId from, VisitId before, int64_t limit) {
  std::vector<VisitRow> visits;
  Rows rows = visit_range.Run(from, before, limit);
  while (rows.Next()) visits.push_back(ReadVisitRow(rows));
  return visits;
}

VisitLog::VisitLog(Connection& connection)
    : connection_(connection),
      state_(connection),
      pages_(connection, "page_find_all(rows(row, url)) -> row, id", "page_add(rows(id, url))", 65'536),
      clients_(connection, "client_find_all(rows(row, ip)) -> row, id", "client_add(rows(id, ip))", 8'192),
      agents_(connection, "agent_find_all(rows(row, name)) -> row, id", "agent_add(rows(id, name))", 2'048),
      any_within_(connection, "visit_any_within(from_id, before_id) -> has_any"),
      first_within_(connection, "visit_first_within(from_id, before_id) -> first_id"),
      last_within_(connection, "visit_last_within(from_id, before_id) -> last_id"),
      add_visits_(connection, "visit_add(rows(id, page_id, client_id, agent_id))"),
      add_totals_(connection, "page_total_add(rows(page_id, visits))") {}

void VisitLog::InvalidateIfNewer(int64_t generation) {
  if (generation == generation_) return;
  pages_.Forget();
  clients_.Forget();
  agents_.Forget();
  generation_ = generation;
}

void VisitLog::Recall(Dictionary& dictionary, std::span<const PendingIds::Reference> references, TextId id,
                      std::span<VisitRow> rows, PendingIds::Column& column) {
  std::vector<std::string_view> texts;
  texts.reserve(references.size());
  for (const PendingIds::Reference& reference : references) texts.push_back(reference.text);
  const auto ids = dictionary.Recall(texts);
  for (size_t i = 0; i < references.size(); ++i) {
    rows[references[i].row].*id = ids[i];
    if (ids[i] == 0) column.references.push_back(references[i]);
  }
}

PendingIds VisitLog::FindTexts(std::span<const VisitTexts> visits, std::vector<VisitRow>& rows) {
  std::vector<PendingIds::Reference> pages;
  std::vector<PendingIds::Reference> agents;
  pages.reserve(visits.size());
  agents.reserve(visits.size());
  rows.reserve(visits.size());
  for (const VisitTexts& visit : visits) {
    pages.push_back({visit.url, rows.size()});
    agents.push_back({visit.user_agent, rows.size()});
    rows.push_back({.id = visit.id, .page = 0, .client = Ipv4ClientOf(visit.ip).value_or(kPendingClient), .agent = 0});
  }
  PendingIds pending;
  Recall(pages_, pages, &VisitRow::page, rows, pending.pages);
  Recall(agents_, agents, &VisitRow::agent, rows, pending.agents);
  Lookup(pages_, pending.pages);
  Lookup(agents_, pending.agents);
  if (pending.HasMissing()) pending.last_ids = state_.Read().last_ids;
  return pending;
}

void VisitLog::FindClients(std::span<const VisitTexts> visits, std::span<VisitRow> rows, PendingIds& pending) {
  std::vector<PendingIds::Reference> clients;
  for (size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].client == kPendingClient) clients.push_back({visits[i].ip, i});
  }
  Recall(clients_, clients, &VisitRow::client, rows, pending.clients);
  Lookup(clients_, pending.clients);
  if (pending.HasMissing()) pending.last_ids = state_.Read().last_ids;
}

void VisitLog::Lookup(Dictionary& dictionary, PendingIds::Column& column) {
  std::sort(
      column.references.begin(), column.references.end(),
      [](const PendingIds::Reference& left, const PendingIds::Reference& right) { return left.text < right.text; });
  for (const PendingIds::Reference& reference : column.references) {
    if (column.texts.empty() || column.texts.back() != reference.text) column.texts.push_back(reference.text);
  }
  column.ids = dictionary.FindAll(column.texts);
  for (size_t i = column.ids.size(); i-- > 0;) {
    if (column.ids[i] == 0) column.missing.push_back(i);
  }
}

void VisitLog::AddTexts(PendingIds& texts) {
  size_t limit = kAddedAtOnce;
  LastTextIds last = state_.Read().last_ids;
  if (last != texts.last_ids) {
    RecheckMissing(pages_, texts.pages);
    RecheckMissing(clients_, texts.clients);
    RecheckMissing(agents_, texts.agents);
  }
  AddSome(pages_, texts.pages, limit, last.page);
  AddSome(clients_, texts.clients, limit, last.client);
  AddSome(agents_, texts.agents, limit, last.agent);
  state_.SetLastIds(last);
  texts.last_ids = last;
}

void VisitLog::RecheckMissing(Dictionary& dictionary, PendingIds::Column& column) {
  std::vector<std::string_view> texts;
  texts.reserve(column.missing.size());
  for (const size_t at : column.missing) texts.push_back(column.texts[at]);
  const auto ids = dictionary.FindAll(texts);
  std::vector<size_t> still_new;
  for (size_t i = 0; i < ids.size(); ++i) {
    column.ids[column.missing[i]] = ids[i];
    if (ids[i] == 0) still_new.push_back(column.missing[i]);
  }
  column.missing = std::move(still_new);
}

void VisitLog::AddSome(Dictionary& dictionary, PendingIds::Column& column, size_t& limit, int64_t& last_id) {
  std::vector<std::string_view> some;
  const int64_t first_id = last_id + 1;
  for (; limit > 0 && !column.missing.empty(); --limit) {
    some.push_back(column.texts[column.missing.back()]);
    column.ids[column.missing.back()] = ++last_id;
    column.missing.pop_back();
  }
  if (!some.empty()) dictionary.Add(some, first_id);
}

void VisitLog::AssignIds(const PendingIds& texts, std::span<VisitRow> rows) {
  const auto number = [&rows](const PendingIds::Column& column, TextId id) {
    size_t text = 0;
    for (const PendingIds::Reference& reference : column.references) {
      while (column.texts[text] != reference.text) ++text;
      rows[reference.row].*id = column.ids[text];
    }
  };
  number(texts.pages, &VisitRow::page);
  number(texts.clients, &VisitRow::client);
  number(texts.agents, &VisitRow::agent);
}

void VisitLog::Add(std::span<const VisitRow> visits) { add_visits_.Execute(ArrayRows(visits)); }

void VisitLog::Append(std::span<const VisitRow> visits) {
  if (visits.empty()) return;
  std::vector<VisitRow> rows(visits.begin(), visits.end());
  std::for_each(rows.begin() + 1, rows.end(), [](VisitRow& row) { row.id = kNoVisit; });
  add_visits_.Execute(ArrayRows(rows));
  if (connection_.LastInsertedId() != visits.back().id) {
    throw StoreError("the log gave a visit another id than the one after its last");
  }
}

void VisitLog::AddToTotals(std::span<const VisitRow> visits) {
  std::vector<int64_t> pages;
  pages.reserve(visits.size());
  for (const VisitRow& visit : visits) pages.push_back(visit.page);
  std::vector<PageVisits> rows;
  std::sort(pages.begin(), pages.end());
  for (auto first = pages.begin(); first != pages.end();) {
    const auto last = std::upper_bound(first, pages.end(), *first);
    rows.push_back({*first, last - first});
    first = last;
  }
  add_totals_.Execute(ArrayRows(rows));
}

VisitId VisitLog::NextFree(UtcTime at, VisitOrder order, bool any) {
  const VisitId first = FirstIdAt(at);
  const VisitId end = FirstIdAt(at + milliseconds(1));
  if (order == VisitOrder::kNewestFirst) return (any ? first_within_.ReadInt(first, end) : end) - 1;
  return std::max({first, kNoVisit + 1, any ? last_within_.ReadInt(first, end) + 1 : kNoVisit});
}

// A list that has the newest first is numbered from a millisecond's end downwards, so that however many more of that
// time its next chunks hold, there is room before those that are in the log already.
std::vector<VisitId> VisitLog::AllocateHistoricalIds(std::span<const LoggedVisit> visits, VisitOrder order) {
  if (visits.empty()) return {};
  const auto [oldest, newest] =
      std::minmax_element(visits.begin(), visits.end(),
                          [](const LoggedVisit& left, const LoggedVisit& right) { return left.at < right.at; });
  const bool any = any_within_.ReadInt(FirstIdAt(oldest->at), FirstIdAt(newest->at + kOverflow)) != 0;
  const VisitId step = order == VisitOrder::kNewestFirst ? -1 : 1;
  std::unordered_map<int64_t, VisitId> next_ids;  // by millisecond
  // A millisecond has room for 2^20 visits; what is beyond that (a file that knows days only) goes to the next one.
  const auto take_id = [&](UtcTime at) {
    for (;; at += milliseconds(1)) {
      const auto [next, is_new] = next_ids.try_emplace(at.time_since_epoch().count(), kNoVisit);
      if (is_new) next->second = NextFree(at, order, any);
      const VisitId id = next->second;
      if (id > kNoVisit && id >= FirstIdAt(at) && id < FirstIdAt(at + milliseconds(1))) {
        next->second += step;
        return id;
      }
    }
  };
  std::vector<VisitId> ids;
  ids.reserve(visits.size());
  for (const LoggedVisit& visit : visits) ids.push_back(take_id(visit.at));
  return ids;
}

}  // namespace page_count
