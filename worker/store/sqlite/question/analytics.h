// Answers an inquiry in one read transaction: from the rollups what they have, all else by a scan of the log.
//
// One a connection, same thread; throws StoreError.
#ifndef PAGE_COUNT_STORE_SQLITE_QUESTION_ANALYTICS_H_
#define PAGE_COUNT_STORE_SQLITE_QUESTION_ANALYTICS_H_

#include <string>
#include <vector>

#include "worker/store/sqlite/question/log_scan.h"
#include "worker/store/sqlite/question/log_tail.h"
#include "worker/store/sqlite/question/rollup_figures.h"
#include "worker/store/sqlite/question/text_reader.h"

namespace page_count {

class Analytics {
 public:
  explicit Analytics(Connection& connection);

  Answers Ask(const Inquiry& inquiry);

 private:
  std::vector<LoggedVisit> ReadNewest(const NewestVisits& newest);
  std::vector<LoggedVisit> ReadNewestOfPage(const NewestVisits& newest);
  void AddNewestOfPage(VisitId from, VisitId before, int64_t page, size_t limit, std::vector<LoggedVisit>& visits);

  Connection& connection_;
  LogTailReader tail_reader_;
  TextReader texts_;
  RollupFigures rollups_;
  LogScan scan_;
  Statement bounds_;
  Statement newest_;
  Statement newest_of_page_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_QUESTION_ANALYTICS_H_
