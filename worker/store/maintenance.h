// The thread that rolls up and checkpoints behind the event loop's back.
//
// Owns its store and its thread. Wake may be called from any thread; the destructor ends the thread after the piece it
// is at. Errors end at the Outage and are tried again at the next Wake.
#ifndef PAGE_COUNT_STORE_MAINTENANCE_H_
#define PAGE_COUNT_STORE_MAINTENANCE_H_

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include "worker/store/outage.h"
#include "worker/store/visit_store.h"

namespace page_count {

class Maintenance {
 public:
  Maintenance(std::unique_ptr<VisitStore> store, Outage& outage);
  ~Maintenance();

  void Wake();

 private:
  void Run();
  // Waits for a Wake; false once it is time to end.
  bool WaitForWork();
  bool stopping();

  std::unique_ptr<VisitStore> store_;
  Outage& outage_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool due_ = true;  // what an earlier process left behind
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_MAINTENANCE_H_
