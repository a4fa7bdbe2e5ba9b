// Takes the oldest visits out of the log, out of every rollup, and forgets the texts that no visit refers to any more.
//
// A short transaction at a time, planned before the writer's turn, so that recording goes on meanwhile; each leaves a
// file whose every figure is exact. Only under the maintenance lock, and where every filed visit is counted
// (Sweeper::SweepAll). One a connection.
#ifndef PAGE_COUNT_STORE_SQLITE_CLEANUP_H_
#define PAGE_COUNT_STORE_SQLITE_CLEANUP_H_

#include <span>
#include <vector>

#include "worker/store/sqlite/log_state.h"
#include "worker/store/sqlite/rollups.h"
#include "worker/store/sqlite/statement.h"
#include "worker/store/sqlite/visit_id.h"
#include "worker/store/sqlite/writer_lock.h"

namespace page_count {

class Cleanup {
 public:
  // Borrows all of them.
  Cleanup(Connection& connection, const WriterLock& writer, Rollups& rollups);

  // Deletes at most `limit` filed visits before `before`, the oldest first. Answers how many.
  int64_t DeleteOldest(VisitId before, int64_t limit);

 private:
  void DeletePages(std::span<const VisitRow> deleted);

  Connection& connection_;
  const WriterLock& writer_;
  Rollups& rollups_;
  LogStateTable state_;
  Statement visit_range_;
  Statement delete_visits_;
  Statement take_away_;
  Statement delete_total_;
  Statement delete_page_;
  Statement delete_client_;
  Statement delete_agent_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_CLEANUP_H_
