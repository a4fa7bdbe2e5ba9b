#include "worker/store/sqlite/session.h"

#include <unistd.h>

#include "worker/store/sqlite/engine/log_ownership.h"
#include "worker/store/sqlite/engine/schema.h"
#include "worker/store/sqlite/engine/write_transaction.h"
#include "worker/store/sqlite/log/visit_log.h"
#include "worker/store/visit_store.h"

namespace page_count {
namespace {

// A lock that nobody else knows if nobody else has the file, or if this session, which only reads, would have to make
// it.
DatabaseLock LockFor(const std::string& path, FileAccess access) {
  const bool is_shared =
      access == FileAccess::kService || (access == FileAccess::kRead && ::access(path.c_str(), R_OK | W_OK) == 0);
  return is_shared ? DatabaseLock(path) : DatabaseLock::Private();
}

// Looks at the log before any statement is prepared: through another file's log there may be no table.
Connection OpenWithOwnLog(const std::string& path, FileAccess access) {
  try {
    Connection connection(path, access);
    if (access == FileAccess::kService) RequireOwnIndex(connection);
    RequireOwnLog(connection);
    return connection;
  } catch (const ForeignFileError&) {
    RequireOwnLogOfUnreadable(path);
    throw;
  }
}

// The write lock, while the session is opened: nobody else takes files away or puts them there meanwhile.
FileLock::Guard LockToOpen(const std::string& path, FileAccess access, const DatabaseLock& writer,
                           const DatabaseLock& maintenance) {
  if (!maintenance.Join()) throw StoreError("database " + path + ": is being restored; wait until that has ended");
  auto lock = writer.Lock();
  if (access == FileAccess::kAlone) OpenWithOwnLog(path, FileAccess::kRead);  // before it is moved into the file
  return lock;
}

}  // namespace

Session::Session(const std::string& path, FileAccess access, Sealing sealing, AttributeSource* attributes,
                 std::chrono::days address_retention)
    : writer(LockFor(DatabaseFiles(path).write_lock(), access)),
      maintenance(LockFor(DatabaseFiles(path).maintenance_lock(), access)),
      opening(LockToOpen(path, access, writer, maintenance)),
      connection(OpenWithOwnLog(path, access)),
      appender(connection),
      checkpointer(connection, writer),
      sealer(connection, writer, sealing, [this] { checkpointer.RunIfDue(); }),
      client_counter(connection, writer, [this] { checkpointer.RunIfDue(); }),
      importer(connection, writer, sealing, sealer, client_counter),
      past_recorder(connection, writer, importer, client_counter),
      pruner(connection, writer, client_counter, [this] { checkpointer.RunIfDue(); }),
      page_rewriter(connection, writer, sealer, client_counter, [this] { checkpointer.RunIfDue(); }),
      free_pages(connection, writer, [this] { checkpointer.RunIfDue(); }),
      attribute_job(connection, writer, attributes, [this] { checkpointer.RunIfDue(); }),
      request_id_job(connection, writer, [this] { checkpointer.RunIfDue(); }),
      address_expirer(connection, writer, sealer, checkpointer, address_retention),
      analytics(connection, attributes),
      state(connection),
      probe_room(connection, "probe_room(bytes)") {
  if (access == FileAccess::kRead) {
    opening.reset();
    return;
  }
  CreateSchemaIfEmpty(connection);
  if (address_retention.count() > 0) connection.Execute("pragma secure_delete=on");  // free pages too
  if (access == FileAccess::kService) {
    connection.ReadInt("pragma user_version");  // opens the log of a file that was in no WAL mode before
    connection.NoteFiles();
    writer.RequireInPlace(connection.files().write_lock());
    maintenance.RequireInPlace(connection.files().maintenance_lock());
  }
  opening.reset();
}

void Session::MarkLogOnce() {
  if (log_is_marked) return;
  const auto lock = writer.Lock();
  RequireOwnFiles(connection);
  MarkLog(connection);
  log_is_marked = true;
}

int64_t Session::DeleteVisits(VisitId from, VisitId before) {
  sealer.SealAll();
  return pruner.DeleteSealed(from, before);
}

PageRewrite Session::RewritePages(const PageOf& page_of, StoreAdmin::Rewriting how) {
  if (how == StoreAdmin::Rewriting::kDryRun) {
    PageRewrite plan = page_rewriter.Plan(page_of);
    connection.RequireUnchanged();
    return plan;
  }
  const auto lock = maintenance.Lock();
  PageRewrite rewritten = page_rewriter.Rewrite(page_of);
  if (connection.HasLog()) connection.SyncWal();
  return rewritten;
}

}  // namespace page_count
