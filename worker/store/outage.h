// Whether the storage works, as this worker sees it: the one place where its errors end.
//
// Says in the log once when the storage fails (and when it fails in another way), and once when all works again. What
// works says nothing of what does not: from a full disk visits are read, while none is recorded. Shared by all threads
// of a worker.
#ifndef PAGE_COUNT_STORE_OUTAGE_H_
#define PAGE_COUNT_STORE_OUTAGE_H_

#include <array>
#include <functional>
#include <mutex>
#include <string>

namespace page_count {

class Outage {
 public:
  enum class Use { kRead, kWrite, kSync, kMaintain };

  // Runs what uses the storage. False where it threw.
  bool Guard(Use use, const std::function<void()>& run);
  // The same for what may find that it cannot be done now: where `run` answers false, nothing is learnt of the storage.
  bool GuardAttempt(Use use, const std::function<bool()>& run);

 private:
  void Failed(Use use, const std::string& message);
  void Worked(Use use);

  std::mutex mutex_;
  std::array<std::string, 4> messages_;  // by use, of the failure that lasts; empty where all is well
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_OUTAGE_H_
