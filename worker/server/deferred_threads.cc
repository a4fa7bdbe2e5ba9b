#include "worker/server/deferred_threads.h"

#include <pthread.h>

namespace page_count {

DeferredThreads::DeferredThreads(int threads, const OpenStore& open_store) {
  for (int i = 0; i < threads; ++i) {
    threads_.emplace_back([this, open_store] {
      const auto store = open_store();
      Run(*store);
    });
  }
}

DeferredThreads::~DeferredThreads() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    waiting_.clear();
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void DeferredThreads::Add(Work work) {
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(work));
  }
  changed_.notify_one();
}

bool DeferredThreads::HasWaiting() {
  const std::lock_guard lock(mutex_);
  return !waiting_.empty();
}

void DeferredThreads::Run(VisitStore& store) {
  pthread_setname_np(pthread_self(), "deferred");
  for (;;) {
    Work work;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
      if (stopping_) return;
      work = std::move(waiting_.front());
      waiting_.pop_front();
    }
    work(store);
  }
}

}  // namespace page_count
