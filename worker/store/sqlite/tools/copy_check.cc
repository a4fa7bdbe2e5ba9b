#include "worker/store/sqlite/tools/copy_check.h"

#include <unistd.h>

#include <vector>

#include "worker/store/sqlite/columns/visit_count.h"
#include "worker/store/sqlite/engine/connection.h"
#include "worker/store/sqlite/engine/file_kind.h"
#include "worker/store/sqlite/engine/log_ownership.h"
#include "worker/store/sqlite/engine/schema.h"
#include "worker/store/sqlite/engine/statement.h"
#include "worker/store/sqlite/log/visit_log.h"
#include "worker/store/sqlite/tools/file_copy.h"
#include "worker/store/sqlite/tools/integrity.h"
#include "worker/store/visit_store.h"

namespace page_count {
namespace {

// With its log if there is one; no file is made beside it.
void Copy(const std::string& source, const std::string& copy) {
  Connection connection(source, FileAccess::kRead);
  RequireOwnLog(connection);
  CopyDatabase(connection, copy);
  connection.RequireUnchanged();
}

void RequirePageCountFile(const std::string& source) {
  if (access(source.c_str(), R_OK) != 0) throw StoreError(source + ": does not exist, or may not be read");
  const FoundFile found = LookAtFile(source);
  if (found.kind != FileKind::kCurrent) throw StoreError(found.sentence);
}

// Proves that the copy is whole, and gives it an id of its own.
int64_t Check(const std::string& source, const std::string& copy) {
  Connection connection(copy);
  if (connection.ReadInt("pragma application_id") != kApplicationId) {
    throw StoreError(source + ": is not a page-count database");
  }
  const std::vector<std::string> problems = CheckIntegrity(connection);
  if (!problems.empty()) {
    throw StoreError(source + ": is damaged: " + problems.front() +
                     "; see `page-count check --database` of it, and --repair if only figures are wrong");
  }
  Statement(connection, "state_new_id()").Execute();
  const int64_t visits = CountVisits(connection);
  connection.SyncFile();
  return visits;
}

}  // namespace

int64_t MakeCheckedCopy(const std::string& source, const std::string& copy) {
  RequirePageCountFile(source);
  try {
    Copy(source, copy);
    return Check(source, copy);
  } catch (...) {
    for (const char* ending : {"", "-wal", "-shm", "-journal"}) unlink((copy + ending).c_str());
    throw;
  }
}

}  // namespace page_count
