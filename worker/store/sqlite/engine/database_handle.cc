#include "worker/store/sqlite/engine/database_handle.h"

#include <sqlite3.h>

#include "worker/store/store_error.h"

namespace page_count {

DatabaseHandle DatabaseHandle::Borrow(sqlite3* handle) {
  const char* path = sqlite3_db_filename(handle, "main");
  DatabaseHandle database(path != nullptr ? path : "");
  database.handle_ = {handle, Closer{.owns = false}};
  return database;
}

void DatabaseHandle::Closer::operator()(sqlite3* handle) const {
  if (owns) sqlite3_close_v2(handle);
}

void DatabaseHandle::Throw(const char* doing) const {
  const int code = handle_ ? sqlite3_extended_errcode(handle_.get()) : SQLITE_NOMEM;
  const std::string message = handle_ ? sqlite3_errmsg(handle_.get()) : "out of memory";
  if ((static_cast<unsigned>(code) & 0xFFU) == SQLITE_CORRUPT) {
    throw ForeignFileError("database " + path_ + ": is damaged (" + message + "); put a backup in its place");
  }
  if (code == SQLITE_NOTADB) {
    throw ForeignFileError(
        "database " + path_ +
        ": the file is not a database, or it is encrypted or damaged; put page-count's own file or a "
        "backup of it there, or set `database` to another file");
  }
  if (code == SQLITE_IOERR_SHORT_READ) {
    throw StoreError("database " + path_ + ": the file, or its log " + path_ +
                     "-wal, was moved, deleted or cut off while it was read");
  }
  throw StoreError("database " + path_ + ": cannot " + doing + ": " + message + " (SQLite code " +
                   std::to_string(code) + ")");
}

}  // namespace page_count
