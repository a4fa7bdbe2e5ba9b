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
#include "worker/store/store_error.h"
#include "worker/visits/visit.h"

namespace page_count {

class VisitStore {
 public:
  virtual ~VisitStore() = default;

  // Commits one batch of visits and returns a receipt for each, with its time. Waits for other writers. The visits are
  // durable only after MakeDurable has returned.
  virtual std::vector<Receipt> Commit(std::span<const Visit* const> batch) = 0;
  // The same without waiting: returns nullopt, and has done nothing, if another writer is at work or the storage has to
  // be opened first.
  virtual std::optional<std::vector<Receipt>> TryCommit(std::span<const Visit* const> batch) = 0;
  // Makes all that this instance committed durable.
  virtual void MakeDurable() = 0;

  // True once enough has been committed, since it last said so, that Maintain is worth calling. Maintain does one short
  // piece of it (counting, moving the write-ahead log into the file), and says whether to call it again.
  // Under load it puts off what costs less a visit once there is more of it.
  enum class Load { kBusy, kQuiet };
  [[nodiscard]] virtual bool MaintenanceDue() = 0;
  virtual bool Maintain(Load load) = 0;

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

  // Deletes the visits before `cutoff` from the log and every figure, in short transactions. Answers how many.
  virtual int64_t Cleanup(UtcTime cutoff) = 0;

  // For where no other call comes for some seconds, and before the process ends: notices if the storage was taken away
  // under this instance, and saves what it alone still holds.
  virtual void Watch() {}

  // Throws StoreError unless visits can be read. Returns a number that grows with each visit that anybody records.
  virtual int64_t ProbeReading() = 0;
  // Throws StoreError unless so many bytes more can be written and synced. Waits for other writers. Leaves nothing
  // behind.
  virtual void ProbeWriting(int64_t bytes) = 0;
};

// Opens a further instance on the same visits, for another thread. Never fails: errors come with the first use.
using OpenStore = std::function<std::unique_ptr<VisitStore>()>;

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_VISIT_STORE_H_
