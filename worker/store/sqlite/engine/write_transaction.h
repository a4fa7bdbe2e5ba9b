// The write lock with a write transaction in it: both end together, rolled back unless it was committed.
//
// SQLite's own busy handler polls and is unfair, and SQLite 3.40.1 may lose pages if two connections write and
// checkpoint at once; so whoever writes, checkpoints, creates the schema or repairs holds the write lock first. Waits
// for it. Throws StoreError if the files are not the ones that the connection has open. One connection's, one thread's.
#ifndef PAGE_COUNT_STORE_SQLITE_ENGINE_WRITE_TRANSACTION_H_
#define PAGE_COUNT_STORE_SQLITE_ENGINE_WRITE_TRANSACTION_H_

#include "worker/store/sqlite/engine/connection.h"
#include "worker/store/sqlite/engine/database_lock.h"
#include "worker/store/sqlite/engine/log_ownership.h"

namespace page_count {

class [[nodiscard]] WriteTransaction {
 public:
  WriteTransaction(Connection& connection, const DatabaseLock& writer)
      : lock_(LockFor(connection, writer)), transaction_(connection, Transaction::Kind::kWrite) {}

  void Commit() { transaction_.Commit(); }

 private:
  static FileLock::Guard LockFor(Connection& connection, const DatabaseLock& writer) {
    auto lock = writer.Lock();
    RequireOwnFiles(connection);
    return lock;
  }

  FileLock::Guard lock_;  // outlives the transaction
  Transaction transaction_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_ENGINE_WRITE_TRANSACTION_H_
