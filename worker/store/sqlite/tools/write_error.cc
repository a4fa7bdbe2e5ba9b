#include "worker/store/sqlite/tools/write_error.h"

#include <sqlite3.h>

#include <cerrno>
#include <cstring>

namespace page_count {

std::string LastWriteError(sqlite3* handle) {
  const int error_number = sqlite3_system_errno(handle);
  switch (sqlite3_extended_errcode(handle)) {
    case SQLITE_FULL:
      return std::strerror(ENOSPC);
    case SQLITE_IOERR_WRITE:
    case SQLITE_IOERR_TRUNCATE:
    case SQLITE_IOERR_FSYNC:
    case SQLITE_IOERR_CLOSE:
      return std::strerror(error_number);
    default:
      return (sqlite3_errcode(handle) & 0xFF) == SQLITE_CANTOPEN ? std::strerror(error_number) : std::string();
  }
}

}  // namespace page_count
