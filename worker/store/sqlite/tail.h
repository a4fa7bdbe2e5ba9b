// The visits behind the rollups' watermark, counted by reading them: what an answer adds to the rollups to be exact.
//
// A snapshot of the transaction it was read in. Small in normal operation: workers roll up every few hundred visits.
#ifndef PAGE_COUNT_STORE_SQLITE_TAIL_H_
#define PAGE_COUNT_STORE_SQLITE_TAIL_H_

#include <unordered_map>
#include <vector>

#include "worker/store/sqlite/statement.h"
#include "worker/store/sqlite/visit_id.h"

namespace page_count {

class TailReader {
 public:
  explicit TailReader(Connection& connection);

  struct Tail {
    VisitId watermark;
    std::vector<VisitRow> visits;  // in the order of time
  };
  Tail Read();

  // By page, how many clients of the tail are new to it; the site's under page 0. `only_page` leaves out the others.
  std::unordered_map<int64_t, int64_t> NewClients(const Tail& tail, int64_t only_page);
  static constexpr int64_t kSite = 0;
  static constexpr int64_t kAllPages = -1;

 private:
  Statement read_state_;
  Statement visit_range_;
  Statement find_client_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_TAIL_H_
