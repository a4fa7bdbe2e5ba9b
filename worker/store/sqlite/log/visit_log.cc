// The tail and the dictionaries: what a commit writes. The tables are described in sql/sqlite/schema.sql.
//
// Invariants:
//   1. A recorded visit's id is greater than any that is kept or was given out before, unless a cleanup --after took
//      the newest away: whoever reads on from an id misses nothing. Only an import adds ids in the past, in blocks, and
//      those are up to sealed_watermark.
//   2. Every page, agent and source id of a visit has its dictionary row, and so has every client id in a block. A row
//      of the tail has its address as a text: nothing is looked up for it before it is sealed.
//   3. Dictionary ids count on from state.last_*_id and are never given again. A transaction that deletes texts starts
//      the next generation; caches of another generation are cleared before they are read.
//   4. page_total.visits is the number of a page's visits up to sealed_watermark.
//
// A batch, in one write transaction (Appender::Append):
//   a. read `state`; clear the caches if the generation is another one
//   b. first id: the clock's, or the one after the newest
//   c. look the texts up, in the caches and then in the tables; add the missing ones, and raise state.last_*_id
//   d. append the rows
//   e. commit
// A process that dies before e leaves nothing of the batch; one that dies after it leaves all of it. A failure before e
// rolls back and closes the session, whose caches may know ids that are not in the file.
//
// Sealing and importing add texts in transactions of their own, before the visits that refer to them: a process that
// dies in between leaves texts without a visit, which are found again when they are next looked up.

#include "worker/store/sqlite/log/visit_log.h"

#include <algorithm>

#include "worker/store/sqlite/log/client_address.h"
#include "worker/store/visit_store.h"

namespace page_count {
namespace {

constexpr size_t kAddedAtOnce = 1'024;  // texts, a transaction's

// A row of the table `visit` as it is added.
struct TailVisit {
  static constexpr size_t kIntegers = 4;

  VisitId id;
  int64_t page_id;
  int64_t agent_id;
  int64_t source_id;
  std::string_view ip;
};

}  // namespace

TailRows ReadTail(Statement& visit_range, VisitId from, VisitId before, int64_t limit) {
  TailRows tail;
  Rows rows = visit_range.Run(from, before, limit);
  while (rows.Next()) {
    tail.rows.push_back({.id = rows.Int(0), .texts = {rows.Int(1), 0, rows.Int(2), rows.Int(3)}});
    tail.addresses.push_back(PackAddress(rows.Bytes(4)));
  }
  return tail;
}

VisitLog::VisitLog(Connection& connection, size_t clients_remembered)
    : connection_(connection),
      state_(connection),
      dictionaries_{Dictionary(connection, Dimension::kPage, 65'536),
                    Dictionary(connection, Dimension::kClient, clients_remembered),
                    Dictionary(connection, Dimension::kAgent, 2'048),
                    Dictionary(connection, Dimension::kSource, 8'192)},
      add_visits_(connection, "visit_add(rows(id, page_id, agent_id, source_id, ip))") {}

void VisitLog::InvalidateIfNewer(int64_t generation) {
  if (generation == generation_) return;
  for (Dictionary& dictionary : dictionaries_) dictionary.ClearCache();
  generation_ = generation;
}

void VisitLog::Find(Dimension column, std::span<const std::string_view> texts, std::span<VisitRow> rows,
                    PendingIds& pending) {
  Dictionary& dictionary = dictionaries_[IndexOf(column)];
  const auto ids = dictionary.Recall(texts);
  PendingIds::Column& found = pending.columns[IndexOf(column)];
  for (size_t row = 0; row < texts.size(); ++row) {
    rows[row].texts[IndexOf(column)] = ids[row];
    const bool is_none = column == Dimension::kSource && texts[row].empty();
    if (ids[row] == 0 && !is_none) found.references.push_back({texts[row], row});
  }
  Lookup(dictionary, found);
  if (!found.missing.empty()) pending.last_ids = state_.Read().last_ids;
}

PendingIds VisitLog::FindTexts(std::span<const VisitTexts> visits, std::vector<VisitRow>& rows) {
  std::vector<std::string_view> urls;
  std::vector<std::string_view> agents;
  std::vector<std::string_view> sources;
  for (auto* texts : {&urls, &agents, &sources}) texts->reserve(visits.size());
  rows.reserve(visits.size());
  for (const VisitTexts& visit : visits) {
    urls.push_back(visit.url);
    agents.push_back(visit.user_agent);
    sources.push_back(visit.source);
    rows.push_back({.id = visit.id, .texts = {}});
  }
  PendingIds pending;
  Find(Dimension::kPage, urls, rows, pending);
  Find(Dimension::kAgent, agents, rows, pending);
  Find(Dimension::kSource, sources, rows, pending);
  return pending;
}

void VisitLog::FindClients(std::span<const std::string> addresses, std::span<VisitRow> rows, PendingIds& pending) {
  const std::vector<std::string_view> texts(addresses.begin(), addresses.end());
  Find(Dimension::kClient, texts, rows, pending);
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
  TextIds last = state_.Read().last_ids;
  const bool others_added = last != texts.last_ids;
  for (size_t column = 0; column < kColumns; ++column) {
    if (others_added) RecheckMissing(dictionaries_[column], texts.columns[column]);
    AddSome(dictionaries_[column], texts.columns[column], limit, last[column]);
  }
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
  for (size_t i = 0; i < kColumns; ++i) {
    const PendingIds::Column& column = texts.columns[i];
    size_t text = 0;
    for (const PendingIds::Reference& reference : column.references) {
      while (column.texts[text] != reference.text) ++text;
      rows[reference.row].texts[i] = column.ids[text];
    }
  }
}

void VisitLog::Append(std::span<const VisitRow> visits, std::span<const VisitTexts> texts) {
  if (visits.empty()) return;
  std::vector<TailVisit> rows;
  rows.reserve(visits.size());
  for (size_t i = 0; i < visits.size(); ++i) {
    const TextIds& ids = visits[i].texts;
    rows.push_back({i == 0 ? visits[i].id : kNoVisit, visits[i].page(), ids[IndexOf(Dimension::kAgent)],
                    ids[IndexOf(Dimension::kSource)], texts[i].ip});
  }
  add_visits_.Execute(ArrayRows(rows));
  if (connection_.LastInsertedId() != visits.back().id) {
    throw StoreError("the log gave a visit another id than the one after its last");
  }
}

}  // namespace page_count
