// Whether visits can be recorded and read at the moment, for /health: known without waiting, and without a write for
// each time somebody asks.
//
// A thread with a store of its own looks at the storage when it is asked to. Each look reads. It writes only if it
// cannot know otherwise: nothing was recorded in the last second, and it wrote none itself in that second. What it
// writes is as much as a batch of visits (after one that failed: as much as that), synced and rolled back, so that
// a disk without room for visits is not called healthy because a small row fits, and one that has room again is seen
// without a visit. That others record counts too: the number of the newest visit grows.
// Storage that does not return (another process keeps the write lock, the disk hangs) fails after kPatience.
//
// Ask and IsHealthy are the event loop's; a look ends with `looked` being readable. Owns the store and the thread,
// which is the store's only user. The destructor waits for a look that is under way, for a hanging one too.
#ifndef PAGE_COUNT_INGEST_HEALTH_PROBE_H_
#define PAGE_COUNT_INGEST_HEALTH_PROBE_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <thread>

#include "worker/base/mutex.h"
#include "worker/ingest/storage_health.h"
#include "worker/store/visit_store.h"
#include "worker/system/event_fd.h"

namespace page_count {

class HealthProbe {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  struct Commits {
    // Since when a batch of visits has been under way; nullopt if none is. Called on the event loop's thread.
    std::function<std::optional<TimePoint>()> under_way_since;
    // How much room the batch that failed last would have taken, about. Called on the health's own thread.
    std::function<int64_t()> failed_bytes;
  };

  static constexpr std::chrono::milliseconds kPatience{1'000};    // for what does not return
  static constexpr std::chrono::milliseconds kProofLasts{1'000};  // of a recorded visit, or a write of its own
  static constexpr std::chrono::milliseconds kStaysFresh{10};     // a look that found all well
  static constexpr int64_t kRoomBytes = 64 << 10;                 // that the visits of a moment may need

  HealthProbe(std::unique_ptr<VisitStore> store, StorageHealth& storage_health, Commits commits,
              std::function<TimePoint()> now = std::chrono::steady_clock::now);
  ~HealthProbe();

  // Has the storage looked at, unless it is being looked at. Returns whether there is no need to wait for the end of
  // that: it was found well just now, or does not return.
  bool Ask() EXCLUDES(mutex_);
  // By the last look, and what was recorded since.
  bool IsHealthy() EXCLUDES(mutex_);
  // Readable once a look has ended, until it is cleared.
  const EventFd& looked() const { return looked_; }

 private:
  struct Look {
    TimePoint began;
    TimePoint ended;
    bool works = false;
  };

  void Run() EXCLUDES(mutex_);
  bool LookAt(TimePoint began);
  bool CanRead(TimePoint began);
  bool CanWrite(TimePoint began);
  bool IsStuck(TimePoint now) EXCLUDES(mutex_);
  bool WorksByLastLook() const REQUIRES(mutex_);

  std::unique_ptr<VisitStore> store_;
  StorageHealth& storage_health_;
  Commits commits_;
  std::function<TimePoint()> now_;
  EventFd looked_;
  bool is_stuck_ = false;  // the loop's

  // The thread's:
  std::optional<TimePoint> read_at_;
  int64_t newest_visit_ = 0;                      // then
  std::optional<TimePoint> recorded_by_anybody_;  // then or later
  std::optional<TimePoint> wrote_at_;
  bool writing_works_ = false;

  mutable Mutex mutex_;
  CondVar changed_;                          // is_asked_ or is_stopping_
  bool is_asked_ GUARDED_BY(mutex_) = true;  // the first one has an answer at once
  bool is_stopping_ GUARDED_BY(mutex_) = false;
  std::optional<TimePoint> looking_since_ GUARDED_BY(mutex_);
  std::optional<Look> last_ GUARDED_BY(mutex_);
  std::thread thread_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_INGEST_HEALTH_PROBE_H_
