#include "worker/store/sqlite/tools/file_copy.h"

#include "worker/store/sqlite/columns/visit_count.h"
#include "worker/store/sqlite/engine/file_kind.h"
#include "worker/store/sqlite/engine/log_ownership.h"
#include "worker/store/sqlite/engine/statement.h"
#include "worker/store/sqlite/log/visit_log.h"
#include "worker/store/sqlite/tools/integrity.h"
#include "worker/store/sqlite/tools/write_error.h"

namespace page_count {
void CopyDatabase(Connection& connection, const std::string& copy) {
  try {
    Statement(connection, "backup(path)").Execute(copy);
  } catch (const StoreError&) {
    const std::string why = LastWriteError(connection.handle());
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
