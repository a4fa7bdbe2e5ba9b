// What recording answers with: a page's total, its visit in the tail included.
//
// page_total counts filed visits only, and reading the whole tail for each answer would cost more than recording. So
// this remembers, by page, what it has seen of the tail and of page_total, and catches up with what others recorded and
// filed since. It costs nothing while nobody asks. Under the writer's lock and inside a transaction; one a connection.
#ifndef PAGE_COUNT_STORE_SQLITE_PAGE_TOTALS_H_
#define PAGE_COUNT_STORE_SQLITE_PAGE_TOTALS_H_

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "worker/store/sqlite/log_state.h"
#include "worker/store/sqlite/statement.h"
#include "worker/text_map.h"

namespace page_count {

class PageTotals {
 public:
  explicit PageTotals(Connection& connection);

  // Brings what is remembered up to the tail's end. Before each transaction's first Add.
  void CatchUp(const LogState& state);
  // Counts a visit that the transaction appends; answers with its page's total.
  int64_t Add(VisitId id, std::string_view url);

 private:
  struct Total {
    int64_t in_tail = 0;
    std::optional<int64_t> filed;
  };

  Total& Remember(VisitId id, std::string_view url);
  void Forget();
  void ForgetFiled(VisitId filed);
  void KeepBounded();

  static constexpr size_t kRememberedPages = 32'768;

  Statement urls_;
  Statement find_total_;
  TextMap<Total> totals_;
  std::deque<std::pair<VisitId, Total*>> tail_;  // into totals_, whose nodes stay where they are
  size_t forget_at_ = kRememberedPages;
  VisitId seen_ = kNoVisit;
  int64_t epoch_ = -1;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_PAGE_TOTALS_H_
