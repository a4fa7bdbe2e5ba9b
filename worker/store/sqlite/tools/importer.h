// Adds visits that have their times already, in large chunks: into the log, and counted, in one transaction each.
//
// A chunk is worked on in two halves that two connections may do at once, on different chunks: Resolve looks up its
// texts and adds new ones, Add plans and writes. All of it under the maintenance lock: meanwhile nobody else counts,
// and no text is taken away. One a connection.
#ifndef PAGE_COUNT_STORE_SQLITE_TOOLS_IMPORTER_H_
#define PAGE_COUNT_STORE_SQLITE_TOOLS_IMPORTER_H_

#include <vector>

#include "worker/store/sqlite/engine/database_lock.h"
#include "worker/store/sqlite/log/log_state.h"
#include "worker/store/sqlite/log/pending_clients.h"
#include "worker/store/sqlite/log/visit_log.h"
#include "worker/store/sqlite/rollup/rollups.h"

namespace page_count {

class Importer {
 public:
  struct Chunk {
    std::vector<LoggedVisit> visits;
    VisitOrder order;            // of those that have the same time
    std::vector<VisitRow> rows;  // theirs, without an id
  };

  // Borrows all of them.
  Importer(Connection& connection, const DatabaseLock& writer, Rollups& rollups);

  Chunk Resolve(std::vector<LoggedVisit> visits, VisitOrder order);
  // Counts the little that came in since a RollupJob::RunToEnd, so that the chunk lies among what is counted.
  void CountUpTo(const Chunk& chunk);
  void Add(Chunk& chunk);

 private:
  Connection& connection_;
  const DatabaseLock& writer_;
  Rollups& rollups_;
  LogStateTable state_;
  Statement visit_range_;
  VisitLog log_;
  PendingClients pending_clients_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_TOOLS_IMPORTER_H_
