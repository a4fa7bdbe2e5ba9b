// Counts the log: first in the pages' totals, as pending clients get their ids, then in the rollups.
//
// Both in sorted batches, in transactions short enough not to show in what recording takes; every answer is exact in
// between (see log_state.h), and the next job goes on from the point at which a process has died. Call all of it under
// the maintenance lock; it takes the write lock itself unless it says otherwise. One a connection.
#ifndef PAGE_COUNT_STORE_SQLITE_ROLLUP_ROLLUP_JOB_H_
#define PAGE_COUNT_STORE_SQLITE_ROLLUP_ROLLUP_JOB_H_

#include <functional>
#include <span>
#include <vector>

#include "worker/store/sqlite/engine/database_lock.h"
#include "worker/store/sqlite/log/log_state.h"
#include "worker/store/sqlite/log/pending_clients.h"
#include "worker/store/sqlite/log/visit_log.h"
#include "worker/store/sqlite/rollup/rollups.h"
#include "worker/store/store_admin.h"

namespace page_count {

class RollupJob {
 public:
  // Visits, a transaction's. The more, the fewer times the totals of pages are written, and the index of clients is
  // read.
  static constexpr int64_t kTotalledAtOnce = 16'384;

  // Borrows all of them. `between` is called after each transaction, out of the write lock.
  RollupJob(Connection& connection, const DatabaseLock& writer, Rollups& rollups, std::function<void()> between);

  // Adds a bounded number of visits to the totals and to the rollups: to these only whole sets under load. True if
  // there is more to do.
  bool RunSome(StoreAdmin::Load load);
  // Until all that was in the log when it was called is counted.
  void RunToEnd();

 private:
  template <typename Write>
  void WriteShortly(Write write);
  // These two say whether there may be more.
  bool TotalSet();
  bool RollUpSet();
  // Whether enough waits to be rolled up under load, or a set was left unfinished. Counts what has come since it said
  // no.
  bool HasWholeSet();
  // Sorts visits by `less`, skips what `is_counted` says, and counts the rest in chunks, a transaction each. `key_of`
  // says which (page, client) comes after a chunk's end.
  template <typename Less, typename IsCounted, typename MakePlan, typename KeyOf>
  void CountChunks(std::vector<VisitRow>& visits, RollupProgress& progress, Less less, IsCounted is_counted,
                   MakePlan make_plan, KeyOf key_of);

  Connection& connection_;
  const DatabaseLock& writer_;
  Rollups& rollups_;
  std::function<void()> between_;
  LogStateTable state_;
  VisitLog log_;
  PendingClients pending_clients_;
  Statement visit_range_;
  Statement count_;
  // What waits to be rolled up, as of when it was counted last: so each visit is counted once.
  struct {
    VisitId after = kNoVisit;
    VisitId last = kNoVisit;
    int64_t visits = 0;
  } waiting_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_ROLLUP_ROLLUP_JOB_H_
