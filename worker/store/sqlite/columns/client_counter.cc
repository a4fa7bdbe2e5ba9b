#include "worker/store/sqlite/columns/client_counter.h"

#include <algorithm>

#include "worker/store/sqlite/columns/key_sort.h"
#include "worker/store/sqlite/engine/write_transaction.h"

namespace page_count {
namespace {

// Sorted and counted together. The more, the fewer parts of sets are written for each visit.
constexpr size_t kCountedTogether = 2 * kMaxBlockVisits;
constexpr size_t kAllCountedTogether = 8 * kMaxBlockVisits;  // for who waits for all of it
constexpr size_t kCountedAtOnce = 4'096;                     // clients of pages, a transaction's

void AddUncountedKeys(std::span<const VisitRow> visits, const ClientsProgress& progress, std::vector<int64_t>& keys) {
  for (const VisitRow& visit : visits) {
    for (const int64_t page : {kSitePage, visit.page()}) {
      const int64_t key = PageClientKey(page, visit.client());
      if (!progress.Counts(visit.id, key)) keys.push_back(key);
    }
  }
}

void SortEachOnce(std::vector<int64_t>& keys) {
  SortKeys(keys);
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
}

std::vector<PageClient> ClientsOf(std::span<const int64_t> keys) {
  std::vector<PageClient> clients;
  clients.reserve(keys.size());
  for (const int64_t key : keys) {
    const int64_t page = key >> kClientBits;
    clients.push_back({page, key - PageClientKey(page, 0)});
  }
  return clients;
}

}  // namespace

std::vector<PageClient> UncountedClients(std::span<const VisitRow> visits, const ClientsProgress& progress) {
  std::vector<int64_t> keys;
  keys.reserve(2 * visits.size());
  AddUncountedKeys(visits, progress, keys);
  SortEachOnce(keys);
  return ClientsOf(keys);
}

ClientCounter::ClientCounter(Connection& connection, const DatabaseLock& writer, std::function<void()> between)
    : connection_(connection),
      writer_(writer),
      between_(std::move(between)),
      state_(connection),
      blocks_(connection),
      clients_(connection) {}

bool ClientCounter::CountSome() { return Count(kCountedTogether); }

void ClientCounter::CountAll() {
  while (Count(kAllCountedTogether)) {
  }
}

bool ClientCounter::Count(size_t at_least) {
  const LogState state = state_.Read();
  ClientsProgress progress = state.clients;
  const bool is_unfinished = progress.clients_target > progress.clients_watermark;
  const VisitId before = (is_unfinished ? progress.clients_target : state.sealed_watermark) + 1;
  const VisitId last = FindKeys(before, is_unfinished ? SIZE_MAX : at_least, progress);
  if (last == kNoVisit) {
    if (progress.clients_watermark == state.sealed_watermark) return false;
    WriteTransaction transaction(connection_, writer_);  // all visits up to there were deleted
    state_.SetClients({state.sealed_watermark, state.sealed_watermark, 0});
    transaction.Commit();
    return false;
  }
  if (!is_unfinished) progress = {progress.clients_watermark, last, 0};
  AddKeys(progress);
  return progress.clients_watermark < state.sealed_watermark;
}

VisitId ClientCounter::FindKeys(VisitId before, size_t at_least, const ClientsProgress& progress) {
  const VisitId from = progress.clients_watermark + 1;
  VisitId last = kNoVisit;
  size_t visits = 0;
  keys_.clear();
  for (const Block& block : blocks_.Find(from, before)) {
    if (visits >= at_least) break;
    auto rows = blocks_.ReadVisits(block);
    std::erase_if(rows, [&](const VisitRow& row) { return row.id < from || row.id >= before; });
    if (rows.empty()) continue;
    AddUncountedKeys(rows, progress, keys_);
    last = rows.back().id;
    visits += rows.size();
  }
  SortEachOnce(keys_);
  return last;
}

void ClientCounter::AddKeys(ClientsProgress& progress) {
  const std::span<const int64_t> keys(keys_);
  size_t first = 0;
  do {
    const size_t end = std::min(first + kCountedAtOnce, keys.size());
    PageClients::Plan plan;
    const auto clients = ClientsOf(keys.subspan(first, end - first));
    {
      Transaction snapshot(connection_, Transaction::Kind::kRead);
      clients_.PlanToAdd(clients, plan);
    }
    if (end < keys.size()) {
      progress.clients_cursor = keys[end];
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
  } while (first < keys.size());
  keys_ = {};
}

PageClients::Plan ClientCounter::PlanToAdd(std::span<const VisitRow> late_visits) {
  const Transaction snapshot(connection_, Transaction::Kind::kRead);
  const ClientsProgress progress = state_.Read().clients;
  keys_.clear();
  for (const VisitRow& visit : late_visits) {
    for (const int64_t page : {kSitePage, visit.page()}) {
      const int64_t key = PageClientKey(page, visit.client());
      if (progress.Counts(visit.id, key)) keys_.push_back(key);
    }
  }
  SortEachOnce(keys_);
  PageClients::Plan plan;
  clients_.PlanToAdd(ClientsOf(keys_), plan);
  keys_ = {};
  return plan;
}

void ClientCounter::StartOver() {
  clients_.Empty();
  state_.SetClients({});
}

}  // namespace page_count
