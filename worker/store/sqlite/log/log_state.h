// How far the log is counted. The one row of the table `state`.
//
// The pages' totals count the log up to `totalled`, the rollups up to `progress.rollup_watermark`, which is never
// behind that; of the set behind it, up to `rollup_target`, they count the visits whose (page, client) comes before
// (page, client), and the site's visits, which come as the last page, likewise. So a large set can be counted in short
// transactions and every answer in between is exact. The site's hours count whole sets only. Same thread as the
// connection.
#ifndef PAGE_COUNT_STORE_SQLITE_LOG_LOG_STATE_H_
#define PAGE_COUNT_STORE_SQLITE_LOG_LOG_STATE_H_

#include <limits>
#include <tuple>

#include "worker/store/sqlite/engine/statement.h"
#include "worker/store/sqlite/log/visit_id.h"

namespace page_count {

constexpr int64_t kSitePage = 0;  // the page that stands for the whole site, in the rollups
constexpr int64_t kSiteComesLast = std::numeric_limits<int64_t>::max();  // and in the order of counting

struct RollupProgress {
  VisitId rollup_watermark = kNoVisit;
  VisitId rollup_target = kNoVisit;
  int64_t page = 0;
  int64_t client = 0;

  // Whether the page's, or the site's, rollups count a visit.
  bool CountsForPage(const VisitRow& visit) const { return Counts(visit.id, visit.page, visit.client); }
  bool CountsForSite(const VisitRow& visit) const { return Counts(visit.id, kSiteComesLast, visit.client); }
  bool CountsForSiteHours(const VisitRow& visit) const { return visit.id <= rollup_watermark; }

 private:
  bool Counts(VisitId id, int64_t of_page, int64_t of_client) const {
    return id <= rollup_watermark || (id <= rollup_target && std::tie(of_page, of_client) < std::tie(page, client));
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
  int64_t generation = 0;     // another one: what was remembered of texts and totals is void
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
