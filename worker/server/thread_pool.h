// A few threads for one kind of what may take long, each with a store of its own.
//
// Any thread hands work in, which is begun in that order; it must not throw. The destructor drops what has not begun
// and waits for the rest.
#ifndef PAGE_COUNT_SERVER_THREAD_POOL_H_
#define PAGE_COUNT_SERVER_THREAD_POOL_H_

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "worker/store/visit_store.h"

namespace page_count {

class ThreadPool {
 public:
  using Work = std::function<void(VisitStore&)>;

  ThreadPool(int threads, const OpenStore& open_store);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

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

#endif  // PAGE_COUNT_SERVER_THREAD_POOL_H_
