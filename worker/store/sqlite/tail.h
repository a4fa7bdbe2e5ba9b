// The newest end of the log: visits as they came, one narrow row each, so that a commit writes one or two pages.
//
// Gives visits their times: the clock's, but never before an earlier visit's, and never on the first millisecond of a
// second, so that whoever asks for visits after a second it has seen gets all of that second again. Append only under
// the writer's lock and inside a write transaction; one a connection.
#ifndef PAGE_COUNT_STORE_SQLITE_TAIL_H_
#define PAGE_COUNT_STORE_SQLITE_TAIL_H_

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "worker/store/sqlite/log_state.h"
#include "worker/store/sqlite/page_totals.h"
#include "worker/visits/visit.h"

namespace page_count {

// A visit of the tail; its texts are kept one behind the other.
class TailVisit {
 public:
  TailVisit(VisitId id, std::string_view url, std::string_view ip, std::string_view user_agent);

  VisitId id() const { return id_; }
  std::string_view url() const { return std::string_view(texts_).substr(0, ip_at_); }
  std::string_view ip() const { return std::string_view(texts_).substr(ip_at_, user_agent_at_ - ip_at_); }
  std::string_view user_agent() const { return std::string_view(texts_).substr(user_agent_at_); }
  LoggedVisit ToLogged() const;

 private:
  VisitId id_;
  size_t ip_at_;
  size_t user_agent_at_;
  std::string texts_;
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
