// The newest end of the log: visits as they came, one narrow row each, so that a commit writes one or two pages.
//
// Gives visits their times: the clock's, but never before an earlier visit's, and never on the first millisecond of a
// second, so that whoever asks for visits after a second it has seen gets all of that second again. Append only under
// the writer's lock and inside a write transaction; one a connection.
#ifndef PAGE_COUNT_STORE_SQLITE_TAIL_H_
#define PAGE_COUNT_STORE_SQLITE_TAIL_H_

#include <span>
#include <string>
#include <vector>

#include "worker/store/sqlite/log_state.h"
#include "worker/store/sqlite/page_totals.h"
#include "worker/visits/visit.h"

namespace page_count {

struct TailVisit {
  VisitId id;
  std::string url;
  std::string ip;
  std::string user_agent;
};

class Tail {
 public:
  explicit Tail(Connection& connection);

  std::vector<Receipt> Append(std::span<const Visit* const> visits, UtcTime now);

  // The oldest first; a negative limit is none.
  std::vector<TailVisit> ReadOldest(int64_t limit);
  // Takes away what was filed.
  void DeleteUpTo(VisitId last);

 private:
  LogStateTable state_;
  PageTotals totals_;
  Statement add_;
  Statement oldest_;
  Statement delete_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_TAIL_H_
