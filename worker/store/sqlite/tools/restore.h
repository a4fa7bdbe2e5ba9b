// Puts a backup in a database's place, so that at no moment a log is beside a file that it does not belong to
// unseen.
//
//   1. the backup is copied beside the database, checked and synced (see copy_check.h)
//   2. the old file, log and index get a second name each
//   3. the copy takes the file's name
//   4. the old log's and index's first names go
//
// Dead before 3: all is as it was. Dead after it: the old log is beside the new file, is recognised as not its own,
// and refused by name. The old files are never written to. Nobody may have the database open: sessions have joined its
// lock. Throws StoreError.
#ifndef PAGE_COUNT_STORE_SQLITE_TOOLS_RESTORE_H_
#define PAGE_COUNT_STORE_SQLITE_TOOLS_RESTORE_H_

#include <cstdint>
#include <string>

namespace page_count {

struct Restored {
  int64_t visits = 0;
  std::string kept_as;  // the old file's name now; empty if there was none
};

Restored RestoreDatabase(const std::string& backup, const std::string& database);

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_TOOLS_RESTORE_H_
