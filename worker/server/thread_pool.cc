#include "worker/server/thread_pool.h"

#include <pthread.h>

namespace page_count {

ThreadPool::ThreadPool(int threads, const OpenStore& open_store) {
  for (int i = 0; i < threads; ++i) {
    threads_.emplace_back([this, open_store] {
      const auto store = open_store();
      Run(*store);
    });
  }
}

ThreadPool::~ThreadPool() {
  {
    const MutexLock lock(mutex_);
    stopping_ = true;
    waiting_.clear();
  }
  changed_.SignalAll();
  for (std::thread& thread : threads_) thread.join();
}

void ThreadPool::Add(Work work) {
  {
    const MutexLock lock(mutex_);
    waiting_.push_back(std::move(work));
  }
  changed_.Signal();
}

void ThreadPool::Run(VisitStore& store) {
  pthread_setname_np(pthread_self(), "pool");
  for (;;) {
    Work work;
    {
      const MutexLock lock(mutex_);
      while (!stopping_ && waiting_.empty()) changed_.Wait(mutex_);
      if (stopping_) return;
      work = std::move(waiting_.front());
      waiting_.pop_front();
    }
    work(store);
  }
}

}  // namespace page_count
