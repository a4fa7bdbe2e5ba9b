// The visits that no rollup counts yet, read one by one: what an answer adds to the rollups to be exact.
//
// A snapshot of the transaction it was read in. Workers sweep every few thousand visits, and what is left when
// recording pauses; under load up to some ten thousand filed ones wait to be counted.
#ifndef PAGE_COUNT_STORE_SQLITE_UNCOUNTED_H_
#define PAGE_COUNT_STORE_SQLITE_UNCOUNTED_H_

#include <string>
#include <unordered_map>
#include <vector>

#include "worker/store/sqlite/log_state.h"
#include "worker/store/sqlite/page_clients.h"
#include "worker/store/sqlite/tail.h"
#include "worker/store/sqlite/visit_log.h"

namespace page_count {

struct Uncounted {
  LogState state;
  std::vector<VisitRow> filed;   // behind the rollups; some figures may count some of them: see state.progress
  std::vector<VisitRow> tail;    // no figure counts them; in the order of time
  std::vector<TailVisit> texts;  // of the tail

  // The pages of the tail. A text that no filed visit has goes by a number below 0.
  struct Page {
    std::string url;
    int64_t visits = 0;
  };
  std::unordered_map<int64_t, Page> pages;
  std::unordered_map<int64_t, std::string> new_agents;

  // Calls `take` for each visit that a page's figures do not count.
  template <typename Take>
  void ForEachOfPages(Take take) const {
    for (const VisitRow& visit : filed) {
      if (!state.progress.CountsForPage(visit)) take(visit);
    }
    for (const VisitRow& visit : tail) take(visit);
  }
};

class UncountedReader {
 public:
  explicit UncountedReader(Connection& connection);

  Uncounted Read();
  // By page, how many clients of the uncounted visits are new to it. `only_page` leaves out the others.
  std::unordered_map<int64_t, int64_t> NewClients(const Uncounted& uncounted, int64_t only_page);
  int64_t NewClientsOfSite(const Uncounted& uncounted);
  static constexpr int64_t kAllPages = 0;

 private:
  using Pairs = std::vector<std::pair<int64_t, int64_t>>;  // page, client
  std::unordered_map<int64_t, int64_t> CountNew(Pairs pairs);
  void ResolveTail(Uncounted& uncounted);

  LogStateTable state_;
  Tail tail_;
  Statement visit_range_;
  Statement find_page_;
  Statement find_client_;
  Statement find_agent_;
  PageClients page_clients_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_UNCOUNTED_H_
