// The few threads for one kind of what may take long, each with a store of its own.
//
// Any thread hands work in, which is begun in that order. The destructor drops what has not begun and waits for the
// rest.
#ifndef PAGE_COUNT_SERVER_DEFERRED_THREADS_H_
#define PAGE_COUNT_SERVER_DEFERRED_THREADS_H_

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
  // Whether work waits for a thread: who has one should not keep it for long.
  bool HasWaiting();

 private:
  void Run(VisitStore& store);

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Work> waiting_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_SERVER_DEFERRED_THREADS_H_
