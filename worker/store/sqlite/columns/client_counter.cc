#include "worker/store/sqlite/columns/client_counter.h"

#include <algorithm>

#include "worker/store/sqlite/engine/write_transaction.h"

namespace page_count {
namespace {

// Sorted and counted together. The more, the fewer parts of sets are written for each visit.
constexpr size_t kCountedTogether = 2 * kMaxBlockVisits;
constexpr size_t kCountedAtOnce = 4'096;  // clients of pages, a transaction's

}  // namespace

std::vector<PageClient> UncountedClients(std::span<const VisitRow> visits, const ClientsProgress& progress) {
  std::vector<int64_t> keys;
  keys.reserve(2 * visits.size());
  for (const VisitRow& visit : visits) {
    for (const int64_t page : {kSitePage, visit.page()}) {
      const int64_t key = PageClientKey(page, visit.client());
      if (!progress.Counts(visit.id, key)) keys.push_back(key);
    }
  }
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  std::vector<PageClient> clients;
  clients.reserve(keys.size());
  for (const int64_t key : keys) {
    const int64_t page = key >> kClientBits;
    clients.push_back({page, key - PageClientKey(page, 0)});
  }
  return clients;
}

ClientCounter::ClientCounter(Connection& connection, const DatabaseLock& writer, std::function<void()> between)
    : connection_(connection),
      writer_(writer),
      between_(std::move(between)),
      state_(connection),
      blocks_(connection),
      clients_(connection) {}

bool ClientCounter::CountSome() {
  const LogState state = state_.Read();
  ClientsProgress progress = state.clients;
  const bool is_unfinished = progress.clients_target > progress.clients_watermark;
  const VisitId before = (is_unfinished ? progress.clients_target : state.sealed_watermark) + 1;
  const auto visits =
      blocks_.ReadRange(progress.clients_watermark + 1, before, is_unfinished ? SIZE_MAX : kCountedTogether);
  if (visits.empty()) {
    if (progress.clients_watermark == state.sealed_watermark) return false;
    WriteTransaction transaction(connection_, writer_);  // all visits up to there were deleted
    state_.SetClients({state.sealed_watermark, state.sealed_watermark, 0});
    transaction.Commit();
    return false;
  }
  if (!is_unfinished) progress = {progress.clients_watermark, visits.back().id, 0};

  const auto clients = UncountedClients(visits, progress);
  size_t first = 0;
  do {
    const size_t end = std::min(first + kCountedAtOnce, clients.size());
    PageClients::Plan plan;
    {
      Transaction snapshot(connection_, Transaction::Kind::kRead);
      clients_.PlanToAdd(PageClientSpan(clients).subspan(first, end - first), plan);
    }
    if (end < clients.size()) {
      progress.clients_cursor = PageClientKey(clients[end].page_id, clients[end].client_id);
    } else {
      progress = {progress.clients_target, progress.clients_target, 0};
    }
    {
      WriteTransaction transaction(connection_, writer_);
      clients_.Write(plan);
      state_.SetClients(progress);
      transaction.Commit();
    }
    between_();
    first = end;
  } while (first < clients.size());
  return progress.clients_watermark < state.sealed_watermark;
}

void ClientCounter::CountAll() {
  while (CountSome()) {
  }
}

void ClientCounter::StartOver() {
  clients_.Empty();
  state_.SetClients({});
}

}  // namespace page_count
