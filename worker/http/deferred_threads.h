// The few threads for what may take long, each with a store of its own.
//
// Work is handed in by the event loop's thread. The destructor drops what has not begun and waits for the rest.
#ifndef PAGE_COUNT_HTTP_DEFERRED_THREADS_H_
#define PAGE_COUNT_HTTP_DEFERRED_THREADS_H_

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "worker/store/visit_store.h"

namespace page_count {

class DeferredThreads {
 public:
  using Work = std::function<void(VisitStore&)>;

  DeferredThreads(int threads, const OpenStore& open_store);
  ~DeferredThreads();

  void Add(Work work);

 private:
  void Run(VisitStore& store);

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Work> waiting_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_HTTP_DEFERRED_THREADS_H_
