#include "worker/store/sqlite/log/unnamed_clients.h"

#include <algorithm>

namespace page_count {
namespace {

constexpr size_t kNamedAtOnce = 1'024;  // visits, a transaction's

}  // namespace

UnnamedClients::UnnamedClients(Connection& connection)
    : add_(connection, "visit_ip_add"),
      read_(connection, "visit_ip_read"),
      set_clients_(connection, "visit_set_clients"),
      delete_(connection, "visit_ip_delete") {}

void UnnamedClients::Add(std::span<const VisitRow> rows, std::span<const VisitTexts> texts) {
  std::vector<BulkRow> unnamed;
  for (size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].client == kUnnamedClient) unnamed.push_back({.a = rows[i].id, .bytes = texts[i].ip});
  }
  if (!unnamed.empty()) add_.Execute(BulkRows(unnamed));
}

std::vector<UnnamedClients::Visit> UnnamedClients::ReadUpTo(VisitId last) {
  std::vector<Visit> visits;
  Rows rows = read_.Run(last);
  while (rows.Next()) visits.push_back({rows.Int(0), std::string(rows.Bytes(1))});
  return visits;
}

UnnamedClients::Naming UnnamedClients::FindUpTo(VisitId last, VisitLog& log) {
  Naming naming;
  naming.visits = ReadUpTo(last);
  std::vector<VisitTexts> texts;
  texts.reserve(naming.visits.size());
  naming.rows.reserve(naming.visits.size());
  for (const Visit& visit : naming.visits) {
    texts.push_back({.id = visit.id, .url = {}, .ip = visit.ip, .user_agent = {}});
    naming.rows.push_back({.id = visit.id, .page = 0, .client = kUnnamedClient, .agent = 0});
  }
  log.FindClients(texts, naming.rows, naming.pending);
  return naming;
}

void UnnamedClients::WriteSome(Naming& naming) {
  if (naming.IsWritten()) return;
  if (naming.written == 0) VisitLog::AssignIds(naming.pending, naming.rows);
  const auto left = std::span<const VisitRow>(naming.rows).subspan(naming.written);
  const auto some = left.first(std::min(left.size(), kNamedAtOnce));
  std::vector<BulkRow> rows;
  rows.reserve(some.size());
  for (const VisitRow& row : some) rows.push_back({.a = row.id, .b = row.client});
  set_clients_.Execute(BulkRows(rows));
  delete_.Execute(some.back().id);
  naming.written += some.size();
}

}  // namespace page_count
