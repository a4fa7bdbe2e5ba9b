// Whether the storage works, as this worker sees it: the one place where a StoreError ends. Any other exception is a
// bug and goes on through Run.
//
// Says in the log once when the storage fails (and when it fails in another way), and once when all works again. What
// works says nothing of what does not: from a full disk visits are read, while none is recorded. Shared by all threads
// of a worker.
#ifndef PAGE_COUNT_INGEST_STORAGE_HEALTH_H_
#define PAGE_COUNT_INGEST_STORAGE_HEALTH_H_

#include <array>
#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "worker/base/mutex.h"

namespace page_count {

class StorageHealth {
 public:
  enum class Use { kRead, kWrite, kSync, kMaintain, kProbe };

  // Runs what uses the storage. Returns false if it threw a StoreError.
  bool Run(Use use, const std::function<void()>& run) EXCLUDES(mutex_);
  // The same for a use that may turn out to be impossible now: if `run` returns false, no more is known of the storage.
  bool TryRun(Use use, const std::function<bool()>& run) EXCLUDES(mutex_);

  // When visits were last recorded by this worker, to the end of their sync, and when they last could not be.
  struct Recording {
    std::optional<std::chrono::steady_clock::time_point> worked;
    std::optional<std::chrono::steady_clock::time_point> failed;

    bool is_failing() const { return failed && (!worked || *failed > *worked); }
  };
  Recording recording() const EXCLUDES(mutex_);
  // Whether the last attempt to read failed.
  bool is_reading_failing() const EXCLUDES(mutex_);

 private:
  void Failed(Use use, const std::string& message) EXCLUDES(mutex_);
  void Worked(Use use) EXCLUDES(mutex_);

  mutable Mutex mutex_;
  // By use, of the failure that lasts; empty if all is well.
  std::array<std::string, 5> messages_ GUARDED_BY(mutex_);
  Recording recording_ GUARDED_BY(mutex_);
};

}  // namespace page_count

#endif  // PAGE_COUNT_INGEST_STORAGE_HEALTH_H_
