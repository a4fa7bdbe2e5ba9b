// Where visits are kept and counted, in the domain's words. An engine (SQLite today) implements it.
//
// One instance is used by one thread at a time; any number of instances, in any number of processes, work on the same
// visits. Answers are exact: every visit whose Commit returned, and no other. A broken machine (full disk, damaged
// file) throws StoreError and leaves the store as it was; the next call tries again from the start.
#ifndef PAGE_COUNT_STORE_VISIT_STORE_H_
#define PAGE_COUNT_STORE_VISIT_STORE_H_

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "worker/store/scan.h"
#include "worker/store/statistics.h"
#include "worker/store/store_admin.h"
#include "worker/store/store_error.h"
#include "worker/store/visit_writer.h"
#include "worker/visits/visit.h"

namespace page_count {

class VisitStore : public VisitWriter, public StoreAdmin {
 public:
  // Statistics: totals over all kept visits; whatever has a window counts visits at `window_start` or later.
  virtual Summary ReadSummary(UtcTime window_start) = 0;
  virtual SiteStats ReadSite(size_t pages) = 0;
  virtual PageStats ReadPage(const TrackedUrl& url, UtcTime window_start) = 0;
  // Of the visits at `from` or later and before `before`: how many each hour, and the pages with the most.
  virtual HourCounts ReadHours(UtcTime from, UtcTime before) = 0;
  virtual PageCounts ReadTopPages(UtcTime from, UtcTime before, size_t limit) = 0;

  // Returns the next visits of a scan, newest first, and moves the cursor past them. Reads so many at once as are worth
  // a transaction and take little memory.
  virtual std::vector<LoggedVisit> ReadNext(ScanCursor& cursor) = 0;
  // Hands over the visits of a stretch of time, newest first, piece by piece; ends early where `take` returns false.
  using Take = std::function<bool(std::span<const LoggedVisit>)>;
  void Scan(const ScanRange& range, const Take& take) {
    for (ScanCursor cursor{range}; !cursor.is_over;) {
      const auto visits = ReadNext(cursor);
      if (!visits.empty() && !take(visits)) return;
    }
  }

  // Throws StoreError unless visits can be read. Returns a number that grows with each visit that anybody records.
  virtual int64_t ProbeReading() = 0;
};

// Opens a further instance on the same visits, for another thread. Never fails: errors come with the first use.
using OpenStore = std::function<std::unique_ptr<VisitStore>()>;

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_VISIT_STORE_H_
