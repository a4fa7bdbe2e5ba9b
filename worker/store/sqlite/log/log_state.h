// How far the log is aggregated: the one row of the table `state`.
//
// Two watermarks, rollup_watermark <= totals_watermark: the pages' totals count every visit up to totals_watermark, the
// rollups every visit up to rollup_watermark. While a rollup job is under way it works on the visits after
// rollup_watermark up to rollup_target, in the order of (page, client); those before its cursor (page, client) are in
// the rollups already, and the visits of the site come last in that order. So a large range is rolled up in short
// transactions, and every answer in between is exact. The site's hours count whole ranges only. Same thread as the
// connection.
#ifndef PAGE_COUNT_STORE_SQLITE_LOG_LOG_STATE_H_
#define PAGE_COUNT_STORE_SQLITE_LOG_LOG_STATE_H_

#include <limits>
#include <tuple>

#include "worker/store/sqlite/engine/statement.h"
#include "worker/store/sqlite/log/visit_id.h"

namespace page_count {

constexpr int64_t kSitePage = 0;                                         // the whole site, in the rollups
constexpr int64_t kSiteComesLast = std::numeric_limits<int64_t>::max();  // and in the order of counting

struct RollupProgress {
  VisitId rollup_watermark = kNoVisit;
  VisitId rollup_target = kNoVisit;
  int64_t rollup_cursor_page = 0;
  int64_t rollup_cursor_client = 0;

  // Whether the page's, or the site's, rollups count a visit.
  bool CountsForPage(const VisitRow& visit) const { return Counts(visit.id, visit.page, visit.client); }
  bool CountsForSite(const VisitRow& visit) const { return Counts(visit.id, kSiteComesLast, visit.client); }
  bool CountsForSiteHours(const VisitRow& visit) const { return visit.id <= rollup_watermark; }

 private:
  bool Counts(VisitId id, int64_t of_page, int64_t of_client) const {
    return id <= rollup_watermark ||
           (id <= rollup_target && std::tie(of_page, of_client) < std::tie(rollup_cursor_page, rollup_cursor_client));
  }
};

// The ids that texts got last; they are never used again.
struct LastTextIds {
  int64_t page = 0;
  int64_t client = 0;
  int64_t agent = 0;

  friend bool operator==(const LastTextIds&, const LastTextIds&) = default;
};

struct LogState {
  RollupProgress progress;
  VisitId totals_watermark = kNoVisit;
  int64_t generation = 0;     // once it changes, caches of texts and totals are void
  VisitId newest = kNoVisit;  // ever given out
  LastTextIds last_ids;
};

class LogStateTable {
 public:
  explicit LogStateTable(Connection& connection);

  LogState Read();
  // All these inside a write transaction.
  void SetTotalsWatermark(VisitId id);
  void SetProgress(const RollupProgress& progress);
  void SetLastIds(const LastTextIds& ids);
  void StartNextGeneration();

 private:
  Statement read_;
  Statement set_totals_watermark_;
  Statement set_progress_;
  Statement set_last_ids_;
  Statement next_generation_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_LOG_LOG_STATE_H_
