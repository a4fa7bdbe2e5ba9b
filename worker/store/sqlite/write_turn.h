// The writer's turn with a write transaction in it: both end together, rolled back unless it was committed.
//
// Waits for the turn. One connection's, one thread's.
#ifndef PAGE_COUNT_STORE_SQLITE_WRITE_TURN_H_
#define PAGE_COUNT_STORE_SQLITE_WRITE_TURN_H_

#include "worker/store/sqlite/connection.h"
#include "worker/store/sqlite/writer_lock.h"

namespace page_count {

class [[nodiscard]] WriteTurn {
 public:
  WriteTurn(Connection& connection, const WriterLock& writer)
      : turn_(writer.Take()), transaction_(connection, Transaction::Kind::kWrite) {}

  void Commit() { transaction_.Commit(); }

 private:
  WriterLock::Turn turn_;  // outlives the transaction
  Transaction transaction_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_WRITE_TURN_H_
