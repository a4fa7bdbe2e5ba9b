// Reads the figures of any range of time: the site's hours, and its top pages.
//
// Whole hours come from the rollups; the pieces of hours at the range's ends, and what is not counted yet, from the
// log. One a connection, same thread; throws StoreError.
#ifndef PAGE_COUNT_STORE_SQLITE_QUESTION_RANGE_ANALYTICS_H_
#define PAGE_COUNT_STORE_SQLITE_QUESTION_RANGE_ANALYTICS_H_

#include "worker/store/sqlite/question/log_tail.h"
#include "worker/store/statistics.h"

namespace page_count {

class RangeAnalytics {
 public:
  explicit RangeAnalytics(Connection& connection);

  HourCounts ReadHours(UtcTime from, UtcTime before);
  PageCounts ReadTopPages(UtcTime from, UtcTime before, size_t limit);

 private:
  // A range's whole hours, and the ids that bound it and them.
  struct Range {
    Range(UtcTime from, UtcTime before);
    VisitId first;
    VisitId end;
    Hour first_hour;
    Hour end_hour;
    VisitId first_of_hours;
    VisitId end_of_hours;
  };

  template <typename Take>
  void ForEachVisitBesideRollups(const Range& range, const LogTail& tail, Take take);

  Connection& connection_;
  LogTailReader tail_;
  Statement visit_range_;
  Statement hours_;
  Statement pages_;
  Statement url_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_QUESTION_RANGE_ANALYTICS_H_
