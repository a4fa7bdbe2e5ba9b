// Seals the tail: makes a block of its visits, whose clients get their ids by that, and counts them in their pages'
// totals.
//
// In short transactions, so that recording goes on meanwhile; every answer is exact in between. Call all of it under
// the maintenance lock; it takes the write lock itself unless it says otherwise. One a connection.
#ifndef PAGE_COUNT_STORE_SQLITE_COLUMNS_SEALER_H_
#define PAGE_COUNT_STORE_SQLITE_COLUMNS_SEALER_H_

#include <functional>
#include <span>
#include <vector>

#include "worker/store/sqlite/columns/block_table.h"
#include "worker/store/sqlite/engine/database_lock.h"
#include "worker/store/sqlite/log/log_state.h"
#include "worker/store/sqlite/log/page_total_table.h"
#include "worker/store/sqlite/log/visit_log.h"
#include "worker/store/store_admin.h"

namespace page_count {

// How many visits become one block.
struct Sealing {
  size_t block_visits = kMaxBlockVisits;  // at the most
  size_t worth_sealing = 4'096;           // fewer are left in the tail if recording pauses
};

class Sealer {
 public:
  // Borrows all of them. `between` is called after each transaction, out of the write lock.
  Sealer(Connection& connection, const DatabaseLock& writer, Sealing sealing, std::function<void()> between);

  // Seals a block's visits: only a whole block under load, and no few at all, as the last block is written again with
  // them. Returns whether it did.
  bool SealSome(StoreAdmin::Load load);
  // Until all that was in the tail when it was called is sealed.
  void SealAll();
  // Seals all if the oldest visit of the tail came before `before`, and deletes what is left of rows that are sealed.
  // Returns whether it sealed.
  bool SealAllIfOlder(VisitId before);
  // Inside a write transaction: the little that came in since.
  void SealRest();

 private:
  // What becomes one block, or a few of them if it is merged with the last one.
  struct Batch {
    std::vector<VisitRow> added;
    std::vector<Block> merged;
    std::vector<EncodedBlock> blocks;
  };

  // Counts only what has come since it was called last.
  size_t CountTail();
  bool SealBatch();
  void GiveClients(TailRows& tail);
  // The last block, if the visits have room in it.
  std::vector<Block> FindRoom(size_t visits);
  Batch MakeBatch(std::vector<VisitRow> visits);
  void Write(const Batch& batch);
  void DeleteSealed();

  Connection& connection_;
  const DatabaseLock& writer_;
  Sealing sealing_;
  std::function<void()> between_;
  LogStateTable state_;
  VisitLog log_;
  PageTotalTable totals_;
  BlockTable blocks_;
  Statement visit_range_;
  Statement count_;
  Statement delete_sealed_;
  struct {
    VisitId after = kNoVisit;
    VisitId last = kNoVisit;
    size_t visits = 0;
  } counted_;  // of the tail
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_COLUMNS_SEALER_H_
