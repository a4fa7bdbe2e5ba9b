// Appends visits to the log as they come, a row each, so that a commit writes a page or two.
//
// Gives visits their times: the clock's, but never before an earlier visit's, and never on the first millisecond of a
// second, so that whoever asks for visits after a second it has seen gets all of that second again. A URL or user
// agent is looked up only if it is not remembered, and written only on its first visit. A visit whose request id
// belongs to an earlier one is not appended, nor one that is only_if_recorded. Under the write lock and inside a write
// transaction; once one is rolled back, the Appender must not be used again. One a connection.
#ifndef PAGE_COUNT_STORE_SQLITE_LOG_APPENDER_H_
#define PAGE_COUNT_STORE_SQLITE_LOG_APPENDER_H_

#include <span>
#include <vector>

#include "worker/store/sqlite/log/log_state.h"
#include "worker/store/sqlite/log/page_totals.h"
#include "worker/store/sqlite/log/request_ids.h"
#include "worker/store/sqlite/log/visit_log.h"
#include "worker/visits/visit.h"

namespace page_count {

class Appender {
 public:
  explicit Appender(Connection& connection);

  std::vector<Receipt> Append(std::span<const Visit* const> visits, UtcTime now);

 private:
  // The visits that are to be appended, and receipts of all.
  struct Sorted {
    std::vector<const Visit*> new_visits;
    std::vector<Receipt> receipts;
  };
  Sorted Sort(std::span<const Visit* const> visits, VisitId first_id, UtcTime now);
  std::vector<VisitRow> Add(std::span<const Visit* const> visits, VisitId first_id);
  void PutTitles(std::span<const Visit* const> visits, std::span<const VisitRow> rows);
  int64_t TotalOf(const Visit& visit);

  LogStateTable state_;
  VisitLog log_;
  PageTotals totals_;
  RequestIds request_ids_;
  Statement find_page_;
  Statement put_title_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_LOG_APPENDER_H_
