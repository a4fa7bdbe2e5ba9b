// A page's total as recording returns it, with the visit that is being recorded.
//
// The table page_total lags behind the log, and counting the newer visits for each answer would cost more than
// recording. So this class remembers, by page, what it has seen of both, and catches up with what others recorded and
// counted since. It costs nothing while nobody asks. Under the write lock and inside a transaction; one a connection.
#ifndef PAGE_COUNT_STORE_SQLITE_LOG_PAGE_TOTALS_H_
#define PAGE_COUNT_STORE_SQLITE_LOG_PAGE_TOTALS_H_

#include <deque>
#include <optional>
#include <unordered_map>
#include <utility>

#include "worker/store/sqlite/engine/connection.h"
#include "worker/store/sqlite/engine/statement.h"
#include "worker/store/sqlite/log/log_state.h"

namespace page_count {

inline constexpr char kPageTotalFind[] = "page_total_find(page_id) -> visits, clients";

class PageTotals {
 public:
  explicit PageTotals(Connection& connection);

  // Brings what is remembered up to the log's end. Before each transaction's first Add.
  void CatchUp(const LogState& state);
  // Counts a visit that the transaction appends; returns its page's total.
  int64_t Add(const VisitRow& visit);
  // The page's total, with what was added.
  int64_t Of(int64_t page);

 private:
  struct Total {
    int64_t newer = 0;                // visits that page_total does not count
    std::optional<int64_t> totalled;  // visits that page_total counts; nullopt until it is read
  };

  Total& Remember(VisitId id, int64_t page);
  int64_t Read(int64_t page, Total& total);
  void Clear();
  // page_total counts the visits up to there now.
  void CountAsTotalled(VisitId sealed_watermark);
  void KeepBounded();

  static constexpr size_t kRememberedPages = 32'768;

  Statement pages_after_;
  Statement find_total_;
  std::unordered_map<int64_t, Total> totals_;
  std::deque<std::pair<VisitId, Total*>> newer_;  // into totals_, whose nodes do not move
  size_t evict_at_ = kRememberedPages;
  VisitId seen_ = kNoVisit;
  int64_t generation_ = -1;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_LOG_PAGE_TOTALS_H_
