#include "worker/store/sqlite/copy_check.h"

#include <sqlite3.h>
#include <unistd.h>

#include <memory>
#include <string_view>
#include <vector>

#include "worker/store/sqlite/connection.h"
#include "worker/store/sqlite/file_alone.h"
#include "worker/store/sqlite/integrity.h"
#include "worker/store/sqlite/log_ownership.h"
#include "worker/store/sqlite/migrations.h"
#include "worker/store/sqlite/sql.h"
#include "worker/store/sqlite/statement.h"
#include "worker/store/visit_store.h"

namespace page_count {
namespace {

struct Closer {
  void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};

// With its log.
void CopyWithLog(const std::string& source, const std::string& copy) {
  Connection connection(source, FileAccess::kRead);
  RequireOwnLog(connection);
  Statement(connection, "backup").Execute(copy);
}

// As immutable: SQLite takes no lock and makes no file.
void CopyFileAlone(const std::string& source, const std::string& copy) {
  sqlite3* opened = nullptr;
  const int flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_URI;
  const int status = sqlite3_open_v2(ImmutableUri(source).c_str(), &opened, flags, nullptr);
  const std::unique_ptr<sqlite3, Closer> handle(opened);
  const auto fail = [&] {
    const bool is_damaged = sqlite3_errcode(handle.get()) == SQLITE_CORRUPT;  // its message names the copy
    throw StoreError(
        source + ": " +
        (is_damaged ? "is damaged, or was cut off" : std::string("cannot be copied: ") + sqlite3_errmsg(handle.get())));
  };
  if (status != SQLITE_OK) fail();
  const std::string_view sql = Sql("backup");
  sqlite3_stmt* prepared = nullptr;
  sqlite3_prepare_v2(handle.get(), sql.data(), static_cast<int>(sql.size()), &prepared, nullptr);
  const std::unique_ptr<sqlite3_stmt, Closer> statement(prepared);
  if (!statement) fail();
  sqlite3_bind_text(statement.get(), 1, copy.c_str(), -1, SQLITE_TRANSIENT);
  if (sqlite3_step(statement.get()) != SQLITE_DONE) fail();
}

void RequirePageCountFile(const std::string& source) {
  if (access(source.c_str(), R_OK) != 0) throw StoreError(source + ": does not exist, or may not be read");
  const FileAlone file = FileAlone::Read(source);
  if (!file.is_database) throw StoreError(source + ": is no SQLite database");
  if (file.application_id != kApplicationId && DatabaseFiles(source).LogIsEmpty()) {
    throw StoreError(source + ": holds no visits: it is another program's, or was copied without the log beside it " +
                     "(-wal), where the visits were");
  }
}

// Brings the copy to this program's schema and proves that it is whole.
int64_t Check(const std::string& source, const std::string& copy) {
  Connection connection(copy);
  if (connection.ReadInt("pragma application_id") != kApplicationId) {
    throw StoreError(source + ": is not a page-count database");
  }
  Migrate(connection);
  const std::vector<std::string> problems = CheckIntegrity(connection);
  if (!problems.empty()) {
    throw StoreError(source + ": is damaged: " + problems.front() +
                     "; see `page-count check --database` of it, and --repair if only figures are wrong");
  }
  Statement(connection, "state_new_id").Execute();
  const int64_t visits = connection.ReadInt("select count(*) from log");
  connection.Execute("pragma wal_checkpoint(truncate)");
  connection.Execute("pragma journal_mode=delete");
  connection.SyncFile();
  return visits;
}

}  // namespace

int64_t MakeCheckedCopy(const std::string& source, const std::string& copy) {
  RequirePageCountFile(source);
  try {
    DatabaseFiles(source).LogIsEmpty() ? CopyFileAlone(source, copy) : CopyWithLog(source, copy);
    return Check(source, copy);
  } catch (...) {
    for (const char* ending : {"", "-wal", "-shm", "-journal"}) unlink((copy + ending).c_str());
    throw;
  }
}

}  // namespace page_count
