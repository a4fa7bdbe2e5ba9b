// How visits get from the tail into a block. All of it under the maintenance lock, each step a short write transaction.
//
// Invariants:
//   1. Every visit is either in exactly one block, and up to sealed_watermark, or a row of the tail after it. Rows of
//   the
//      tail up to sealed_watermark are nobody's: readers pass them over.
//   2. Blocks, their pages' totals and sealed_watermark change in one transaction.
//   3. Every client id in a block has its row in the dictionary.
//   4. A block was decoded and compared with its visits before it was written.
//
//   a. Read up to 65,536 rows of the tail, and the last block if both fit into one.   Dead: nothing has changed.
//   b. Add the addresses that are new to the dictionary.        Dead: texts that no visit refers to; found the next
//   time. c. Encode the block, decode it and compare.                                       Dead: as in b. d. Write the
//   block in place of the last one if that is merged, add to the totals, raise sealed_watermark.
//                                                               Dead before the commit: as in b; after it: all is
//                                                               there.
//   e. Delete the rows up to sealed_watermark, a thousand at a time.                   Dead: the next one goes on.

#include "worker/store/sqlite/columns/sealer.h"

#include <algorithm>
#include <utility>

#include "worker/store/sqlite/engine/write_transaction.h"

namespace page_count {
namespace {

constexpr int64_t kDeletedAtOnce = 1'024;  // rows, a transaction's

}  // namespace

Sealer::Sealer(Connection& connection, const DatabaseLock& writer, Sealing sealing, std::function<void()> between)
    : connection_(connection),
      writer_(writer),
      sealing_(sealing),
      between_(std::move(between)),
      state_(connection),
      log_(connection),
      totals_(connection),
      blocks_(connection),
      visit_range_(connection, kVisitRange),
      count_(connection, kVisitCount),
      delete_sealed_(connection, "visit_delete_sealed(sealed_watermark, limit)") {}

size_t Sealer::CountTail() {
  const LogState state = state_.Read();
  if (counted_.after != state.sealed_watermark) counted_ = {state.sealed_watermark, state.sealed_watermark, 0};
  counted_.visits += static_cast<size_t>(count_.ReadInt(counted_.last, state.newest));
  counted_.last = state.newest;
  return counted_.visits;
}

bool Sealer::SealSome(StoreAdmin::Load load) {
  const size_t wanted = load == StoreAdmin::Load::kBusy ? sealing_.block_visits : sealing_.worth_sealing;
  return CountTail() >= wanted && SealBatch();
}

void Sealer::SealAll() {
  const VisitId newest = state_.Read().newest;
  while (state_.Read().sealed_watermark < newest && SealBatch()) {
  }
}

bool Sealer::SealAllIfOlder(VisitId before) {
  const bool is_older = !ReadTail(visit_range_, state_.Read().sealed_watermark + 1, before, 1).rows.empty();
  if (is_older) {
    SealAll();
  } else {
    DeleteSealed();
  }
  return is_older;
}

bool Sealer::SealBatch() {
  TailRows tail;
  LogState state;
  {
    Transaction snapshot(connection_, Transaction::Kind::kRead);
    state = state_.Read();
    tail = ReadTail(visit_range_, state.sealed_watermark + 1, kAfterAllVisits,
                    static_cast<int64_t>(sealing_.block_visits));
    if (tail.rows.empty()) return false;
    log_.InvalidateIfNewer(state.generation);
  }
  GiveClients(tail);
  const Batch batch = MakeBatch(std::move(tail.rows));
  {
    WriteTransaction transaction(connection_, writer_);
    Write(batch);
    transaction.Commit();
  }
  between_();
  DeleteSealed();
  return true;
}

void Sealer::SealRest() {
  const LogState state = state_.Read();
  TailRows tail = ReadTail(visit_range_, state.sealed_watermark + 1, kAfterAllVisits, -1);
  if (tail.rows.empty()) return;
  log_.InvalidateIfNewer(state.generation);
  PendingIds pending;
  log_.FindClients(tail.addresses, tail.rows, pending);
  while (pending.HasMissing()) log_.AddTexts(pending);
  VisitLog::AssignIds(pending, tail.rows);
  Write(MakeBatch(std::move(tail.rows)));
  delete_sealed_.Execute(state_.Read().sealed_watermark, int64_t{-1});
}

// No text is taken away meanwhile, so what is looked up before the write lock stays true.
void Sealer::GiveClients(TailRows& tail) {
  PendingIds pending;
  {
    Transaction snapshot(connection_, Transaction::Kind::kRead);
    log_.FindClients(tail.addresses, tail.rows, pending);
  }
  while (pending.HasMissing()) {
    {
      WriteTransaction transaction(connection_, writer_);
      log_.AddTexts(pending);
      transaction.Commit();
    }
    between_();
  }
  VisitLog::AssignIds(pending, tail.rows);
}

std::vector<Block> Sealer::FindRoom(size_t visits) {
  const auto blocks = blocks_.Find(kNoVisit, kAfterAllVisits);
  if (blocks.empty() || static_cast<size_t>(blocks.back().visits) + visits > sealing_.block_visits) return {};
  return {blocks.back()};
}

Sealer::Batch Sealer::MakeBatch(std::vector<VisitRow> visits) {
  Batch batch{.added = {}, .merged = FindRoom(visits.size()), .blocks = {}};
  batch.added = std::move(visits);
  std::vector<VisitRow> all;
  for (const Block& block : batch.merged) all = blocks_.ReadVisits(block);
  all.insert(all.end(), batch.added.begin(), batch.added.end());
  const std::span<const VisitRow> rows(all);
  const size_t at_once = sealing_.block_visits;
  for (size_t first = 0; first < rows.size(); first += at_once) {
    batch.blocks.push_back(BlockTable::Encode(rows.subspan(first, std::min(at_once, rows.size() - first))));
  }
  return batch;
}

void Sealer::Write(const Batch& batch) {
  for (const Block& block : batch.merged) blocks_.Delete(block);
  for (const EncodedBlock& block : batch.blocks) blocks_.Add(block);
  totals_.Add(PagesOf(batch.added));
  state_.SetSealed(batch.added.back().id);
}

void Sealer::DeleteSealed() {
  for (int64_t deleted = kDeletedAtOnce; deleted == kDeletedAtOnce;) {
    {
      WriteTransaction transaction(connection_, writer_);
      deleted = delete_sealed_.Execute(state_.Read().sealed_watermark, kDeletedAtOnce);
      transaction.Commit();
    }
    between_();
  }
}

}  // namespace page_count
