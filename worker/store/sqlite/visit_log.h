// Appends visits to the log, and counts each page's total in the same transaction.
//
// Gives visits their times: the clock's, but never before an earlier visit's, and never on the first millisecond of a
// second, so that whoever asks for visits after a second it has seen gets all of that second again. Only under the
// writer's lock and inside a write transaction; one a connection.
#ifndef PAGE_COUNT_STORE_SQLITE_VISIT_LOG_H_
#define PAGE_COUNT_STORE_SQLITE_VISIT_LOG_H_

#include <functional>
#include <span>
#include <vector>

#include "worker/store/sqlite/dictionary.h"
#include "worker/store/sqlite/visit_id.h"
#include "worker/visits/visit.h"

namespace page_count {

class VisitLog {
 public:
  explicit VisitLog(Connection& connection);

  std::vector<Receipt> Append(std::span<const Visit* const> visits, UtcTime now);
  // Adds visits that have their times already; they may lie anywhere in the past. Answers the rows as they stand.
  std::vector<VisitRow> Insert(std::span<const LoggedVisit> visits);

  // After a rollback: texts that were added are gone.
  void ForgetTexts();

 private:
  VisitId NewestId();
  VisitRow RowOf(VisitId id, std::string_view url, std::string_view ip, std::string_view user_agent);
  void Add(const VisitRow& row);

  Dictionary pages_;
  Dictionary clients_;
  Dictionary agents_;
  Statement read_state_;
  Statement read_bounds_;
  Statement last_within_;
  Statement add_visit_;
  Statement add_total_;
  int64_t dictionary_epoch_ = -1;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_VISIT_LOG_H_
