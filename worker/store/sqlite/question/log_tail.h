// The visits that no rollup counts yet, read one by one: what an answer adds to the rollups to be exact.
//
// A snapshot of the transaction it was read in. Workers count every few thousand visits in the pages' totals, and what
// is left when recording pauses; under load tens of thousands wait for the rollups.
#ifndef PAGE_COUNT_STORE_SQLITE_QUESTION_LOG_TAIL_H_
#define PAGE_COUNT_STORE_SQLITE_QUESTION_LOG_TAIL_H_

#include <string>
#include <unordered_map>
#include <vector>

#include "worker/store/sqlite/log/log_state.h"
#include "worker/store/sqlite/log/pending_clients.h"
#include "worker/store/sqlite/log/visit_log.h"
#include "worker/store/sqlite/rollup/page_clients.h"

namespace page_count {

struct LogTail {
  LogState state;
  // After the rollups; some figures may count some of them: see state.progress. A client without an id goes by a
  // number below 0.
  std::vector<VisitRow> visits;
  std::vector<std::string> new_clients;             // without an id: the address of -1, -2, ...
  std::unordered_map<int64_t, int64_t> untotalled;  // by page, how many of them its total does not count

  // The client of a visit that is pending in the log.
  int64_t ClientOf(VisitId id) const;

  // Calls `take` for each visit that a page's figures do not count.
  template <typename Take>
  void ForEachOfPages(Take take) const {
    for (const VisitRow& visit : visits) {
      if (!state.progress.CountsForPage(visit)) take(visit);
    }
  }
};

class LogTailReader {
 public:
  explicit LogTailReader(Connection& connection);

  LogTail Read();
  // By page, how many clients of the tail visits are new to it. `only_page` leaves out the others.
  std::unordered_map<int64_t, int64_t> NewClients(const LogTail& tail, int64_t only_page);
  int64_t NewClientsOfSite(const LogTail& tail);
  static constexpr int64_t kAllPages = 0;

 private:
  using Pairs = std::vector<std::pair<int64_t, int64_t>>;  // page, client
  void NameClients(LogTail& tail);
  std::unordered_map<int64_t, int64_t> CountNew(Pairs pairs);

  LogStateTable state_;
  PendingClients pending_clients_;
  Statement visit_range_;
  Statement find_client_;
  PageClients page_clients_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_QUESTION_LOG_TAIL_H_
