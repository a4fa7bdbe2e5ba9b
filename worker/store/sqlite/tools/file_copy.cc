#include "worker/store/sqlite/tools/file_copy.h"

#include <sqlite3.h>

#include <cerrno>
#include <cstring>

#include "worker/store/sqlite/columns/visit_count.h"
#include "worker/store/sqlite/engine/file_kind.h"
#include "worker/store/sqlite/engine/log_ownership.h"
#include "worker/store/sqlite/engine/statement.h"
#include "worker/store/sqlite/log/visit_log.h"
#include "worker/store/sqlite/tools/integrity.h"

namespace page_count {
namespace {

// Why the copy could not be written; empty if something else failed.
std::string WriteError(sqlite3* handle, int error_number) {
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

}  // namespace

void CopyDatabase(Connection& connection, const std::string& copy) {
  try {
    Statement(connection, "backup(path)").Execute(copy);
  } catch (const StoreError&) {
    const std::string why = WriteError(connection.handle(), sqlite3_system_errno(connection.handle()));
    if (why.empty()) throw;
    throw CopyError(why);
  }
  try {
    NameAnew(copy);
  } catch (const StoreError& error) {
    throw CopyError(error.what());
  }
}

int64_t VerifyCopy(const std::string& copy) {
  const std::string otherwise = "the copy is not as it was written: ";
  const FoundFile found = LookAtFile(copy);
  if (found.kind != FileKind::kCurrent) throw CopyError(otherwise + found.sentence);
  try {
    Connection connection(copy, FileAccess::kRead);
    const auto damage = CheckFileIntegrity(connection);
    if (!damage.empty()) throw StoreError(damage.front());
    return CountVisits(connection);
  } catch (const StoreError& error) {
    throw CopyError(otherwise + error.what());
  }
}

}  // namespace page_count
