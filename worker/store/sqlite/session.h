// What a SqliteVisitStore has open: a connection, its statements, caches of texts.
//
// Opening it gives a new file its schema, and refuses a log that is another file's; from then on it keeps
// to the files that it has opened (see Connection::FilesAreInPlace). A session that only reads makes and changes
// nothing (see FileAccess). One thread at a time; throws StoreError.
#ifndef PAGE_COUNT_STORE_SQLITE_SESSION_H_
#define PAGE_COUNT_STORE_SQLITE_SESSION_H_

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "worker/store/sqlite/columns/address_expirer.h"
#include "worker/store/sqlite/columns/attribute_job.h"
#include "worker/store/sqlite/columns/client_counter.h"
#include "worker/store/sqlite/columns/free_pages.h"
#include "worker/store/sqlite/columns/pruner.h"
#include "worker/store/sqlite/columns/sealer.h"
#include "worker/store/sqlite/engine/checkpointer.h"
#include "worker/store/sqlite/engine/database_lock.h"
#include "worker/store/sqlite/log/appender.h"
#include "worker/store/sqlite/log/log_state.h"
#include "worker/store/sqlite/log/request_id_job.h"
#include "worker/store/sqlite/question/analytics.h"
#include "worker/store/sqlite/tools/importer.h"
#include "worker/store/sqlite/tools/page_rewriter.h"
#include "worker/store/sqlite/tools/past_recorder.h"
#include "worker/store/visit_store.h"

namespace page_count {

struct Session {
  // Borrows `attributes`, which may be null. `address_retention`: see AddressExpirer.
  Session(const std::string& path, FileAccess access, Sealing sealing, AttributeSource* attributes,
          std::chrono::days address_retention = {});

  // Once a session: see log_ownership.cc.
  void MarkLogOnce();
  // Under the maintenance lock: deletes the visits that were there when it was called, from `from` on and before
  // `before`. Returns how many.
  int64_t DeleteVisits(VisitId from, VisitId before);
  // See StoreAdmin.
  PageRewrite RewritePages(const PageOf& page_of, StoreAdmin::Rewriting how);

  DatabaseLock writer;       // see write_transaction.h
  DatabaseLock maintenance;  // who seals visits, takes them away, or checkpoints the log; joined by each session
  std::optional<FileLock::Guard> opening;  // while the constructor runs
  Connection connection;
  Appender appender;
  Checkpointer checkpointer;
  Sealer sealer;
  ClientCounter client_counter;
  Importer importer;
  PastRecorder past_recorder;
  Pruner pruner;
  PageRewriter page_rewriter;
  FreePages free_pages;
  AttributeJob attribute_job;
  RequestIdJob request_id_job;
  AddressExpirer address_expirer;
  Analytics analytics;
  LogStateTable state;
  Statement probe_room;
  bool log_is_marked = false;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_SESSION_H_
