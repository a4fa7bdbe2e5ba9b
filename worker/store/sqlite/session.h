// What a SqliteVisitStore has open: a connection, its statements, caches of texts.
//
// Opening it gives a new file its schema, and refuses a log that is another file's; from then on it keeps
// to the files that it has opened (see Connection::FilesAreInPlace). A session that only reads makes and changes
// nothing (see FileAccess). One thread at a time; throws StoreError.
#ifndef PAGE_COUNT_STORE_SQLITE_SESSION_H_
#define PAGE_COUNT_STORE_SQLITE_SESSION_H_

#include <optional>
#include <string>
#include <vector>

#include "worker/store/sqlite/engine/checkpointer.h"
#include "worker/store/sqlite/engine/database_lock.h"
#include "worker/store/sqlite/log/appender.h"
#include "worker/store/sqlite/log/log_state.h"
#include "worker/store/sqlite/question/analytics.h"
#include "worker/store/sqlite/rollup/log_pruner.h"
#include "worker/store/sqlite/rollup/rollup_job.h"
#include "worker/store/sqlite/tools/importer.h"
#include "worker/store/visit_store.h"

namespace page_count {

struct Session {
  Session(const std::string& path, FileAccess access);

  // The newest visits before the cursor's mark, as many as make a chunk.
  std::vector<LoggedVisit> ReadChunk(ScanCursor& cursor);
  // Once a session: see log_ownership.cc.
  void MarkLogOnce();

  DatabaseLock writer;       // see write_transaction.h
  DatabaseLock maintenance;  // who counts visits, takes them away, or checkpoints the log; joined by each session
  std::optional<FileLock::Guard> opening;  // while the constructor runs
  Connection connection;
  Appender appender;
  Rollups rollups;
  Checkpointer checkpointer;
  RollupJob rollup_job;
  Importer importer;
  LogPruner pruner;
  Analytics analytics;
  LogStateTable state;
  Statement visit_scan;
  Statement probe_room;
  bool log_is_marked = false;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_SESSION_H_
