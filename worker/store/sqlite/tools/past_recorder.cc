#include "worker/store/sqlite/tools/past_recorder.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>

#include "worker/store/sqlite/engine/write_transaction.h"
#include "worker/visits/request_id.h"
#include "worker/visits/visit_batch.h"

namespace page_count {
namespace {

using Outcome = Receipt::Outcome;

VisitBatch BatchOf(std::span<const PastVisit* const> visits) {
  VisitBatch batch;
  for (const PastVisit* past : visits) {
    const Visit& visit = past->visit;
    batch.visits.push_back(
        {{batch.of(Dimension::kPage).Add(visit.url.text()), batch.of(Dimension::kClient).Add(visit.ip),
          batch.of(Dimension::kAgent).Add(visit.user_agent), batch.of(Dimension::kSource).Add(visit.source)},
         past->at});
  }
  return batch;
}

// Of each visit the place of the first one with its request id: its own, if it has none.
std::vector<size_t> FindFirsts(std::span<const PastVisit> visits) {
  std::unordered_map<std::string_view, size_t> by_id;
  std::vector<size_t> firsts;
  for (size_t i = 0; i < visits.size(); ++i) {
    const std::string_view id = visits[i].visit.request_id;
    firsts.push_back(id.empty() ? i : by_id.try_emplace(id, i).first->second);
  }
  return firsts;
}

}  // namespace

PastRecorder::PastRecorder(Connection& connection, const DatabaseLock& writer, Importer& importer,
                           ClientCounter& counter)
    : connection_(connection),
      writer_(writer),
      importer_(importer),
      counter_(counter),
      request_ids_(connection),
      add_title_(connection, "page_title_add(page_id, title)") {}

std::vector<Receipt> PastRecorder::Record(std::span<const PastVisit> visits, UtcTime now) {
  importer_.StartChunks();
  const std::vector<size_t> firsts = FindFirsts(visits);
  std::optional<std::vector<Receipt>> receipts;
  while (!receipts) receipts = TryRecord(visits, firsts, now);
  for (size_t i = 0; i < visits.size(); ++i) (*receipts)[i].at = (*receipts)[firsts[i]].at;
  return *std::move(receipts);
}

// All but the ids is made before the write lock: see Importer::Add.
std::optional<std::vector<Receipt>> PastRecorder::TryRecord(std::span<const PastVisit> visits,
                                                            std::span<const size_t> firsts, UtcTime now) {
  std::vector<Receipt> receipts = FindDuplicates(visits, firsts, now);
  std::vector<const PastVisit*> new_visits;
  for (size_t i = 0; i < visits.size(); ++i) {
    if (receipts[i].outcome == Outcome::kRecorded) new_visits.push_back(&visits[i]);
  }
  if (new_visits.empty()) return receipts;
  auto chunk = importer_.Resolve(BatchOf(new_visits));
  importer_.SealUpTo(chunk, Importer::Sets::kKeep);
  const auto merged = importer_.Merge(std::move(chunk));
  const auto clients = counter_.PlanToAdd(merged.rows);

  WriteTransaction transaction(connection_, writer_);
  request_ids_.CatchUp();
  const bool is_late = std::any_of(new_visits.begin(), new_visits.end(), [&](const PastVisit* past) {
    const std::string_view id = past->visit.request_id;
    return !id.empty() && request_ids_.Find(HashOfRequestId(id), now);
  });
  if (is_late) return std::nullopt;
  for (size_t i = 0; i < new_visits.size(); ++i) {
    const std::string_view id = new_visits[i]->visit.request_id;
    if (!id.empty()) request_ids_.Put(HashOfRequestId(id), merged.rows[i].id);
  }
  importer_.Write(merged);
  counter_.Write(clients);
  for (size_t i = 0; i < new_visits.size(); ++i) {
    const std::string_view title = new_visits[i]->visit.title;
    if (!title.empty()) add_title_.Execute(merged.rows[i].page(), title);
  }
  transaction.Commit();

  auto row = merged.rows.begin();
  for (Receipt& receipt : receipts) {
    if (receipt.outcome == Outcome::kRecorded) receipt.at = TimeOf((row++)->id);
  }
  return receipts;
}

// One that is the duplicate of another one of the list has its own time still.
std::vector<Receipt> PastRecorder::FindDuplicates(std::span<const PastVisit> visits, std::span<const size_t> firsts,
                                                  UtcTime now) {
  const Transaction snapshot(connection_, Transaction::Kind::kRead);
  request_ids_.CatchUp();
  std::vector<Receipt> receipts;
  for (size_t i = 0; i < visits.size(); ++i) {
    const auto& [visit, at] = visits[i];
    const bool is_first = firsts[i] == i;
    const auto earlier = is_first && !visit.request_id.empty()
                             ? request_ids_.Find(HashOfRequestId(visit.request_id), now)
                             : std::nullopt;
    const bool is_new = is_first && !earlier;
    receipts.push_back({earlier ? TimeOf(*earlier) : at, 0, is_new ? Outcome::kRecorded : Outcome::kDuplicate});
  }
  return receipts;
}

}  // namespace page_count
