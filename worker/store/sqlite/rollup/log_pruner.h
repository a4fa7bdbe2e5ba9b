// Takes visits out of the log, out of every rollup, and forgets the texts that no visit refers to any more.
//
// A batch of the oldest of a range at a time, in the order in which the rollups list them, so that a transaction
// changes few pages of the file. Transactions are short and planned before the write lock, so that recording goes on
// meanwhile; each leaves a file whose every figure is exact. Only under the maintenance lock, and after a
// RollupJob::RunToEnd: what was recorded since is not counted, and its texts stay. One a connection.
#ifndef PAGE_COUNT_STORE_SQLITE_ROLLUP_LOG_PRUNER_H_
#define PAGE_COUNT_STORE_SQLITE_ROLLUP_LOG_PRUNER_H_

#include <functional>
#include <span>
#include <unordered_set>
#include <vector>

#include "worker/store/sqlite/engine/database_lock.h"
#include "worker/store/sqlite/engine/statement.h"
#include "worker/store/sqlite/log/log_state.h"
#include "worker/store/sqlite/log/visit_id.h"
#include "worker/store/sqlite/rollup/rollups.h"

namespace page_count {

class LogPruner {
 public:
  // Borrows all of them. `between` is called after each transaction.
  LogPruner(Connection& connection, const DatabaseLock& writer, Rollups& rollups, std::function<void()> between);

  // Deletes a set of counted visits from `from` on and before `before`. Returns how many; fewer than kSetVisits are the
  // last.
  int64_t DeleteSet(VisitId from, VisitId before);
  // Once all counted visits from `from` on are deleted: deletes the few that nobody counts yet, in one transaction, and
  // the memory of ids that were given out after the newest visit left. Returns how many.
  int64_t ForgetFrom(VisitId from);
  static constexpr int64_t kSetVisits = 65'536;

 private:
  // What visits that no rollup counts refer to.
  struct InUse {
    VisitId up_to = kNoVisit;
    std::unordered_set<int64_t> pages;
    std::unordered_set<int64_t> clients;
    std::unordered_set<int64_t> agents;
  };

  void Delete(std::span<const VisitRow> visits);
  void DeletePages(std::span<const VisitRow> deleted);
  void NoteTail();

  Connection& connection_;
  const DatabaseLock& writer_;
  Rollups& rollups_;
  std::function<void()> between_;
  LogStateTable state_;
  InUse in_use_;
  Statement visit_range_;
  Statement delete_visits_;
  Statement delete_from_;
  Statement delete_pending_from_;
  Statement last_visit_;
  Statement subtract_;
  Statement delete_total_;
  Statement delete_page_;
  Statement delete_client_;
  Statement delete_agent_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_ROLLUP_LOG_PRUNER_H_
