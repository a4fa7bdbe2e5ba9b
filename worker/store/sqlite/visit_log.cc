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
    : state_(connection),
      pages_(connection, "page_find_all", "page_add", 16'384),
      clients_(connection, "client_find_all", "client_add", 32'768),
      agents_(connection, "agent_find_all", "agent_add", 2'048),
      last_within_(connection, "visit_last_within"),
      add_visits_(connection, "visit_add"),
      add_totals_(connection, "page_total_add") {}

void VisitLog::EnterEpoch(int64_t epoch) {
  if (epoch == epoch_) return;
  pages_.Forget();
  clients_.Forget();
  agents_.Forget();
  epoch_ = epoch;
}

SoughtTexts VisitLog::FindTexts(std::span<const VisitTexts> visits, std::vector<VisitRow>& rows) {
  const auto recall = [](Dictionary& dictionary, std::string_view text, SoughtTexts::Kind& kind) {
    const int64_t id = dictionary.Recall(text);
    if (id == 0) kind.texts.push_back(text);
    return id;
  };
  SoughtTexts sought;
  rows.reserve(visits.size());
  for (const VisitTexts& visit : visits) {
    rows.push_back({visit.id, recall(pages_, visit.url, sought.pages), recall(clients_, visit.ip, sought.clients),
                    recall(agents_, visit.user_agent, sought.agents)});
  }
  Seek(pages_, sought.pages);
  Seek(clients_, sought.clients);
  Seek(agents_, sought.agents);
  return sought;
}

void VisitLog::Seek(Dictionary& dictionary, SoughtTexts::Kind& kind) {
  std::sort(kind.texts.begin(), kind.texts.end());
  kind.texts.erase(std::unique(kind.texts.begin(), kind.texts.end()), kind.texts.end());
  kind.ids = dictionary.FindAll(kind.texts);
  for (size_t i = kind.ids.size(); i-- > 0;) {
    if (kind.ids[i] == 0) kind.new_ones.push_back(i);
  }
}

int64_t SoughtTexts::Kind::IdOf(std::string_view text) const {
  return ids[static_cast<size_t>(std::lower_bound(texts.begin(), texts.end(), text) - texts.begin())];
}

bool VisitLog::AddTexts(SoughtTexts& texts, size_t limit) {
  LastTextIds last = state_.Read().last_ids;
  AddSome(pages_, texts.pages, limit, last.page);
  AddSome(clients_, texts.clients, limit, last.client);
  AddSome(agents_, texts.agents, limit, last.agent);
  state_.SetLastIds(last);
  return texts.HasNew();
}

void VisitLog::AddSome(Dictionary& dictionary, SoughtTexts::Kind& kind, size_t& limit, int64_t& last_id) {
  std::vector<std::string_view> some;
  const int64_t first_id = last_id + 1;
  for (; limit > 0 && !kind.new_ones.empty(); --limit) {
    some.push_back(kind.texts[kind.new_ones.back()]);
    kind.ids[kind.new_ones.back()] = ++last_id;
    kind.new_ones.pop_back();
  }
  if (!some.empty()) dictionary.Add(some, first_id);
}

void VisitLog::NumberTexts(std::span<const VisitTexts> visits, const SoughtTexts& texts, std::vector<VisitRow>& rows) {
  for (size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].page == 0) rows[i].page = texts.pages.IdOf(visits[i].url);
    if (rows[i].client == 0) rows[i].client = texts.clients.IdOf(visits[i].ip);
    if (rows[i].agent == 0) rows[i].agent = texts.agents.IdOf(visits[i].user_agent);
  }
}

void VisitLog::Add(std::span<const VisitRow> visits) {
  std::vector<BulkRow> rows;
  std::vector<int64_t> pages;
  rows.reserve(visits.size());
  pages.reserve(visits.size());
  for (const VisitRow& visit : visits) {
    rows.push_back({visit.id, visit.page, visit.client, visit.agent});
    pages.push_back(visit.page);
  }
  add_visits_.Execute(BulkRows(rows));
  rows.clear();
  std::sort(pages.begin(), pages.end());
  for (auto first = pages.begin(); first != pages.end();) {
    const auto last = std::upper_bound(first, pages.end(), *first);
    rows.push_back({.a = *first, .b = last - first});
    first = last;
  }
  add_totals_.Execute(BulkRows(rows));
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
