// Takes the oldest visits out of the log, out of every rollup, and forgets the texts that no visit refers to any more.
//
// Works in short transactions, so that recording goes on meanwhile. Each takes the writer's lock by itself; call
// under the maintenance lock. Each step leaves a file whose every figure is exact.
#ifndef PAGE_COUNT_STORE_SQLITE_CLEANUP_H_
#define PAGE_COUNT_STORE_SQLITE_CLEANUP_H_

#include "worker/store/sqlite/rollups.h"
#include "worker/store/sqlite/statement.h"
#include "worker/store/sqlite/visit_id.h"

namespace page_count {

class Cleanup {
 public:
  Cleanup(Connection& connection, Rollups& rollups);

  // Deletes at most `limit` visits before `before`, the oldest first. Answers how many. Inside a write transaction.
  int64_t DeleteOldest(VisitId before, int64_t limit);

 private:
  int64_t DeleteTexts(const std::vector<VisitRow>& deleted, const Rollups::Emptied& emptied,
                      const std::vector<VisitRow>& tail);

  Rollups& rollups_;
  Statement visit_range_;
  Statement delete_visits_;
  Statement bounds_;
  Statement add_total_;
  Statement delete_total_;
  Statement delete_page_;
  Statement delete_client_;
  Statement delete_agent_;
  Statement set_cleaned_up_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_CLEANUP_H_
