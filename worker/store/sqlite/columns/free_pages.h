// Gives pages of the file that hold nothing any more back to the file system.
//
// A cleanup leaves pages free inside the file, and new visits use them again. Beyond a reserve of 4 MiB or a sixteenth
// of the file they are taken from its end, some at a time: what lies there moves into free pages before. The file
// becomes shorter with the next checkpoint. Call all of it under the maintenance lock; it takes the write lock itself.
// One a connection.
#ifndef PAGE_COUNT_STORE_SQLITE_COLUMNS_FREE_PAGES_H_
#define PAGE_COUNT_STORE_SQLITE_COLUMNS_FREE_PAGES_H_

#include <functional>

#include "worker/store/sqlite/engine/connection.h"
#include "worker/store/sqlite/engine/database_lock.h"
#include "worker/store/sqlite/engine/statement.h"

namespace page_count {

class FreePages {
 public:
  // Borrows both. `between` is called after each transaction, out of the write lock.
  FreePages(Connection& connection, const DatabaseLock& writer, std::function<void()> between);

  // Whether more are free than the reserve.
  bool AreMany();
  // Gives some of them back. Returns whether there are more.
  bool ReturnSome();

 private:
  Connection& connection_;
  const DatabaseLock& writer_;
  std::function<void()> between_;
  Statement count_;
  Statement count_free_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_COLUMNS_FREE_PAGES_H_
