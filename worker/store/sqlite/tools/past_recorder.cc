#include "worker/store/sqlite/tools/past_recorder.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>

#include "worker/store/sqlite/engine/write_transaction.h"
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
  for (;;) {
    if (auto receipts = TryRecord(visits, now)) return *std::move(receipts);
  }
}

// All but the ids is made before the write lock: see Importer::Add.
std::optional<std::vector<Receipt>> PastRecorder::TryRecord(std::span<const PastVisit> visits, UtcTime now) {
  std::vector<Receipt> receipts = FindDuplicates(visits, now);
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
    return !id.empty() && request_ids_.Find(id, now);
  });
  if (is_late) return std::nullopt;
  for (size_t i = 0; i < new_visits.size(); ++i) {
    const std::string_view id = new_visits[i]->visit.request_id;
    if (!id.empty()) request_ids_.Put(id, merged.rows[i].id);
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
  // Those that are the duplicates of another one of these.
  for (size_t i = 0; i < visits.size(); ++i) {
    if (receipts[i].outcome == Outcome::kDuplicate && receipts[i].at == UtcTime()) {
      const auto earlier = request_ids_.Find(visits[i].visit.request_id, now);
      if (earlier) receipts[i].at = TimeOf(*earlier);
    }
  }
  return receipts;
}

// The time of one that is a duplicate of another one of the list is not known yet.
std::vector<Receipt> PastRecorder::FindDuplicates(std::span<const PastVisit> visits, UtcTime now) {
  const Transaction snapshot(connection_, Transaction::Kind::kRead);
  request_ids_.CatchUp();
  std::vector<Receipt> receipts;
  std::vector<std::string_view> seen;
  for (const PastVisit& past : visits) {
    const std::string_view id = past.visit.request_id;
    Receipt receipt{past.at, 0};
    if (!id.empty()) {
      if (const auto earlier = request_ids_.Find(id, now)) {
        receipt = {TimeOf(*earlier), 0, Outcome::kDuplicate};
      } else if (std::find(seen.begin(), seen.end(), id) != seen.end()) {
        receipt = {UtcTime(), 0, Outcome::kDuplicate};
      }
      seen.push_back(id);
    }
    receipts.push_back(receipt);
  }
  return receipts;
}

}  // namespace page_count
