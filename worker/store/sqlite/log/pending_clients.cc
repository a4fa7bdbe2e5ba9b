#include "worker/store/sqlite/log/pending_clients.h"

#include <algorithm>

namespace page_count {
namespace {

constexpr size_t kNamedAtOnce = 1'024;  // visits, a transaction's

}  // namespace

PendingClients::PendingClients(Connection& connection)
    : add_(connection, "pending_client_add(rows(visit_id, ip))"),
      read_(connection, "pending_client_read(last_id) -> visit_id, ip"),
      set_clients_(connection, "visit_set_clients(rows(id, page_id, client_id, agent_id))"),
      delete_(connection, "pending_client_delete(last_id)") {}

void PendingClients::Add(std::span<const VisitRow> rows, std::span<const VisitTexts> texts) {
  std::vector<TextRow> pending;
  for (size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].client == kPendingClient) pending.push_back({rows[i].id, texts[i].ip});
  }
  if (!pending.empty()) add_.Execute(ArrayRows(pending));
}

std::vector<PendingClients::Entry> PendingClients::ReadUpTo(VisitId last) {
  std::vector<Entry> visits;
  Rows rows = read_.Run(last);
  while (rows.Next()) visits.push_back({rows.Int(0), std::string(rows.Bytes(1))});
  return visits;
}

PendingClients::Resolution PendingClients::FindUpTo(VisitId last, VisitLog& log) {
  Resolution resolution;
  resolution.visits = ReadUpTo(last);
  std::vector<VisitTexts> texts;
  texts.reserve(resolution.visits.size());
  resolution.rows.reserve(resolution.visits.size());
  for (const Entry& visit : resolution.visits) {
    texts.push_back({.id = visit.id, .url = {}, .ip = visit.ip, .user_agent = {}});
    resolution.rows.push_back({.id = visit.id, .page = 0, .client = kPendingClient, .agent = 0});
  }
  log.FindClients(texts, resolution.rows, resolution.pending);
  return resolution;
}

void PendingClients::WriteSome(Resolution& resolution) {
  if (resolution.IsWritten()) return;
  if (resolution.written == 0) VisitLog::AssignIds(resolution.pending, resolution.rows);
  const auto left = std::span<const VisitRow>(resolution.rows).subspan(resolution.written);
  const auto some = left.first(std::min(left.size(), kNamedAtOnce));
  set_clients_.Execute(ArrayRows(some));
  delete_.Execute(some.back().id);
  resolution.written += some.size();
}

}  // namespace page_count
