// The filed log: a row of four integers a visit, in the order of time, and each page's total beside it.
//
// Only under the writer's lock and inside a write transaction, except Find, which only reads; one a connection, used by
// one caller at a time: what it remembers of texts holds as long as nobody else files or cleans up, so its user holds
// the maintenance lock.
#ifndef PAGE_COUNT_STORE_SQLITE_VISIT_LOG_H_
#define PAGE_COUNT_STORE_SQLITE_VISIT_LOG_H_

#include <span>
#include <string_view>
#include <vector>

#include "worker/store/sqlite/dictionary.h"
#include "worker/store/sqlite/visit_id.h"
#include "worker/visits/visit.h"

namespace page_count {

// Of rows whose columns are id, url, ip, user_agent.
LoggedVisit ReadLoggedVisit(const Rows& rows);
// A stretch of the filed log in the order of time, `limit` rows at the most.
std::vector<VisitRow> ReadVisits(Statement& visit_range, VisitId from, VisitId before, int64_t limit);

class VisitLog {
 public:
  explicit VisitLog(Connection& connection);

  // What is remembered of texts is void once the epoch is another one. Before all else.
  void EnterEpoch(int64_t epoch);
  // The epoch is another one now, by a change of this connection's own that took no texts away.
  void KeepTextsInto(int64_t epoch) { epoch_ = epoch; }
  // The texts by their ids, 0 for those that are new.
  VisitRow Find(VisitId id, std::string_view url, std::string_view ip, std::string_view user_agent);
  // The same, with ids for the new ones.
  VisitRow RowOf(VisitId id, std::string_view url, std::string_view ip, std::string_view user_agent);
  void Add(std::span<const VisitRow> visits);
  // Ids for visits that have their times already; they may lie anywhere in the past.
  std::vector<VisitId> NumberPast(std::span<const LoggedVisit> visits);

 private:
  Dictionary pages_;
  Dictionary clients_;
  Dictionary agents_;
  Statement last_within_;
  Statement add_visit_;
  Statement add_total_;
  int64_t epoch_ = -1;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_VISIT_LOG_H_
