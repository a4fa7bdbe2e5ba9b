// Whether the storage works, as this worker sees it: the one place where its errors end.
//
// Says in the log once when the storage fails (and when it fails in another way), and once when it works again. Shared
// by all threads of a worker.
#ifndef PAGE_COUNT_STORE_OUTAGE_H_
#define PAGE_COUNT_STORE_OUTAGE_H_

#include <functional>
#include <mutex>
#include <string>

namespace page_count {

class Outage {
 public:
  // Runs what uses the storage. False where it threw.
  bool Guard(const std::function<void()>& use);

 private:
  void Failed(const std::string& message);
  void Worked();

  std::mutex mutex_;
  std::string message_;  // of the failure that lasts; empty where all is well
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_OUTAGE_H_
