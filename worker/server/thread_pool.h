// A few threads for one kind of what may take long, each with a store of its own.
//
// Any thread hands work in, which is begun in that order; it must not throw. The destructor drops what has not begun
// and waits for the rest.
#ifndef PAGE_COUNT_SERVER_THREAD_POOL_H_
#define PAGE_COUNT_SERVER_THREAD_POOL_H_

#include <deque>
#include <functional>
#include <thread>
#include <vector>

#include "worker/base/mutex.h"
#include "worker/store/visit_store.h"

namespace page_count {

class ThreadPool {
 public:
  using Work = std::function<void(VisitStore&)>;

  ThreadPool(int threads, const OpenStore& open_store);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  void Add(Work work) EXCLUDES(mutex_);

 private:
  void Run(VisitStore& store) EXCLUDES(mutex_);

  Mutex mutex_;
  CondVar changed_;  // waiting_ or stopping_
  std::deque<Work> waiting_ GUARDED_BY(mutex_);
  bool stopping_ GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_SERVER_THREAD_POOL_H_
