// The thread that seals visits, counts clients and checkpoints beside the event loop, and looks after the storage while
// nobody uses it.
//
// Owns its store and its thread, which is the store's only user. Wake may be called from any thread; the destructor
// ends the thread after the call of Maintain that it is at. Errors end at the StorageHealth and are tried again at the
// next Wake.
#ifndef PAGE_COUNT_INGEST_MAINTENANCE_H_
#define PAGE_COUNT_INGEST_MAINTENANCE_H_

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <thread>

#include "worker/base/mutex.h"
#include "worker/ingest/storage_health.h"
#include "worker/store/store_admin.h"

namespace page_count {

class Maintenance {
 public:
  static constexpr std::chrono::seconds kUsualWait{10};

  // `soon`: how long work may wait that is not due now. `watch_too`: called every second while there is nothing to do,
  // as is the store's Watch; must not throw.
  Maintenance(
      std::unique_ptr<StoreAdmin> store, StorageHealth& storage_health, std::chrono::milliseconds soon = kUsualWait,
      std::function<void()> watch_too = [] {});
  ~Maintenance();

  // kNow: enough work waits to be worth doing. kSoon: a little may wait; it needs no haste, but slows figures down.
  enum class When { kNow, kSoon };
  void Wake(When when) EXCLUDES(mutex_);

 private:
  void Run() EXCLUDES(mutex_);
  // Waits for a Wake, and returns the load that it was for; nullopt once it is time to end.
  std::optional<StoreAdmin::Load> WaitForWork() EXCLUDES(mutex_);
  // Waits for a change, until `end` at the latest, and looks after the storage every second.
  void WaitAndWatch(std::chrono::steady_clock::time_point end) REQUIRES(mutex_);
  // Returns whether somebody else left work.
  bool Watch() EXCLUDES(mutex_);
  bool stopping() EXCLUDES(mutex_);

  std::unique_ptr<StoreAdmin> store_;
  StorageHealth& storage_health_;
  std::chrono::milliseconds soon_;
  std::function<void()> watch_too_;
  Mutex mutex_;
  CondVar changed_;
  bool due_ GUARDED_BY(mutex_) = true;  // what an earlier process left behind
  bool due_soon_ GUARDED_BY(mutex_) = false;
  bool stopping_ GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_INGEST_MAINTENANCE_H_
