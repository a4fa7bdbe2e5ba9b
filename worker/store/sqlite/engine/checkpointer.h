// Moves the write-ahead log into the database file, so that the log stays short, and keeps the writers waiting little.
//
// What costs is the sync of the file, which SQLite does inside a checkpoint: writers would wait for the disk. So most
// frames are moved first in checkpoints that cannot be whole, because a snapshot of ours is a commit older: SQLite
// does not sync the file for those, and the log cannot start over. The file is then synced without the write lock,
// and the checkpoint that ends it all has few frames left to move and to sync. All checkpoints run under the write
// lock.
//
// Only under the maintenance lock. Same thread as the connection; throws StoreError.
#ifndef PAGE_COUNT_STORE_SQLITE_ENGINE_CHECKPOINTER_H_
#define PAGE_COUNT_STORE_SQLITE_ENGINE_CHECKPOINTER_H_

#include <optional>

#include "worker/store/sqlite/engine/connection.h"
#include "worker/store/sqlite/engine/database_lock.h"
#include "worker/store/sqlite/engine/statement.h"

namespace page_count {

class Checkpointer {
 public:
  Checkpointer(Connection& connection, const DatabaseLock& writer);

  // Sees to it that the log's file is as long as it will be anyway: what is written over is synced sooner than what is
  // appended. Not if the disk is nearly full. Does nothing once it is done.
  void ReserveLog();
  // Whether the log was long after the connection's last commit, or when it was looked at since.
  bool IsDue() const;
  // Sees what others have written.
  void LookAtLog();
  void RunIfDue();
  // Moves all of the log into the file, and erases what this and older logs have left in the log's file: what was
  // deleted is gone from both, once it is deleted with secure_delete. False if readers keep the log from starting over.
  [[nodiscard]] bool EraseLog();

 private:
  // Runs what moves the log; if it fails, all of the log is moved again the next time.
  template <typename Call>
  auto OrMoveAgain(Call call);
  void Run();
  // Moves all but the last frame and syncs the file. Returns how many frames of the log are in the file now.
  int MoveMost();

  Connection& connection_;
  const DatabaseLock& writer_;
  Statement touch_;
  std::optional<Connection> reader_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_ENGINE_CHECKPOINTER_H_
