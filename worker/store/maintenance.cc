#include "worker/store/maintenance.h"

#include <utility>

namespace page_count {

Maintenance::Maintenance(std::unique_ptr<VisitStore> store, Outage& outage, std::chrono::milliseconds soon)
    : store_(std::move(store)), outage_(outage), soon_(soon), thread_([this] { Run(); }) {}

Maintenance::~Maintenance() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void Maintenance::Wake(When when) {
  {
    const std::lock_guard lock(mutex_);
    bool& due = when == When::kNow ? due_ : due_soon_;
    if (due) return;
    due = true;
  }
  changed_.notify_one();
}

std::optional<VisitStore::Load> Maintenance::WaitForWork() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return due_ || due_soon_ || stopping_; });
  changed_.wait_for(lock, soon_, [this] { return due_ || stopping_; });
  if (stopping_) return std::nullopt;
  due_soon_ = due_;  // what is put off under load is done once it is over
  return std::exchange(due_, false) ? VisitStore::Load::kBusy : VisitStore::Load::kQuiet;
}

bool Maintenance::stopping() {
  const std::lock_guard lock(mutex_);
  return stopping_;
}

void Maintenance::Run() {
  pthread_setname_np(pthread_self(), "maintenance");
  while (const auto load = WaitForWork()) {
    outage_.Guard(Outage::Use::kMaintain, [this, load] {
      while (store_->Maintain(*load) && !stopping()) {
      }
    });
  }
}

}  // namespace page_count
