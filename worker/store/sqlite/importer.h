// Adds visits that have their times already, in large sets: into the log, and counted, in one transaction each.
//
// A piece is worked on in two halves that two connections may do at once, on different pieces: Resolve looks up its
// texts and adds new ones, Add plans and writes. Between FileUpTo and Add nobody may file or clean up, and during a
// Resolve nobody may file: all of it under the maintenance lock. One a connection.
#ifndef PAGE_COUNT_STORE_SQLITE_IMPORTER_H_
#define PAGE_COUNT_STORE_SQLITE_IMPORTER_H_

#include <vector>

#include "worker/fair_lock.h"
#include "worker/store/sqlite/log_state.h"
#include "worker/store/sqlite/rollups.h"
#include "worker/store/sqlite/tail.h"
#include "worker/store/sqlite/visit_log.h"

namespace page_count {

class Importer {
 public:
  struct Piece {
    std::vector<LoggedVisit> visits;  // none of them in the future
    std::vector<VisitRow> rows;       // theirs, without an id
  };

  // Borrows all of them.
  Importer(Connection& connection, const FairLock& writer, Rollups& rollups);

  Piece Resolve(std::vector<LoggedVisit> visits);
  // Files and counts the little that came in since a Sweeper::SweepAll, so that the piece lies before the tail.
  void FileUpTo(const Piece& piece);
  void Add(Piece& piece);

 private:
  Connection& connection_;
  const FairLock& writer_;
  Rollups& rollups_;
  LogStateTable state_;
  Tail tail_;
  VisitLog log_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_IMPORTER_H_
