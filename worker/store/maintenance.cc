#include "worker/store/maintenance.h"

#include <pthread.h>

namespace page_count {

Maintenance::Maintenance(std::unique_ptr<VisitStore> store, Outage& outage)
    : store_(std::move(store)), outage_(outage), thread_([this] { Run(); }) {}

Maintenance::~Maintenance() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void Maintenance::Wake() {
  {
    const std::lock_guard lock(mutex_);
    due_ = true;
  }
  changed_.notify_one();
}

bool Maintenance::WaitForWork() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return due_ || stopping_; });
  due_ = false;
  return !stopping_;
}

bool Maintenance::stopping() {
  const std::lock_guard lock(mutex_);
  return stopping_;
}

void Maintenance::Run() {
  pthread_setname_np(pthread_self(), "maintenance");
  while (WaitForWork()) {
    outage_.Guard(Outage::Use::kMaintain, [this] {
      while (store_->Maintain() && !stopping()) {
      }
    });
  }
}

}  // namespace page_count
