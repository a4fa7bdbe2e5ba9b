// One of the two lock files beside a database: the write lock, or the maintenance lock, which every session joins.
//
// A FileLock whose errors are the storage's: throws StoreError. One instance is used by one thread at a time.
#ifndef PAGE_COUNT_STORE_SQLITE_ENGINE_DATABASE_LOCK_H_
#define PAGE_COUNT_STORE_SQLITE_ENGINE_DATABASE_LOCK_H_

#include <optional>
#include <string>

#include "worker/system/file_lock.h"

namespace page_count {

class DatabaseLock {
 public:
  explicit DatabaseLock(const std::string& path);
  // Of a file that has no name: nobody else can take it.
  static DatabaseLock Private();

  FileLock::Guard Lock() const;
  std::optional<FileLock::Guard> TryLock() const;
  [[nodiscard]] bool Join() const { return lock_.Join(); }
  [[nodiscard]] bool KeepOthersOut() const { return lock_.KeepOthersOut(); }
  // Throws unless the path still names this lock's file: whoever opens the path takes this lock, and no other.
  void RequireInPlace(const std::string& path) const;

 private:
  DatabaseLock();

  FileLock lock_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_ENGINE_DATABASE_LOCK_H_
