#include "worker/ingest/maintenance.h"

#include <pthread.h>

#include <algorithm>
#include <utility>

namespace page_count {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::seconds kWatchEvery(1);

}  // namespace

Maintenance::Maintenance(std::unique_ptr<StoreAdmin> store, StorageHealth& storage_health,
                         std::chrono::milliseconds soon, std::function<void()> watch_too)
    : store_(std::move(store)),
      storage_health_(storage_health),
      soon_(soon),
      watch_too_(std::move(watch_too)),
      thread_([this] { Run(); }) {}

Maintenance::~Maintenance() {
  {
    const MutexLock lock(mutex_);
    stopping_ = true;
  }
  changed_.Signal();
  thread_.join();
}

void Maintenance::Wake(When when) {
  {
    const MutexLock lock(mutex_);
    bool& due = when == When::kNow ? due_ : due_soon_;
    if (due) return;
    due = true;
  }
  changed_.Signal();
}

void Maintenance::WaitAndWatch(steady_clock::time_point end) {
  const auto watch_at = std::min(end, steady_clock::now() + kWatchEvery);
  if (changed_.WaitUntil(mutex_, watch_at) || watch_at == end) return;
  mutex_.Unlock();
  const bool is_work_left = Watch();
  mutex_.Lock();
  due_soon_ = due_soon_ || is_work_left;
}

std::optional<StoreAdmin::Load> Maintenance::WaitForWork() {
  const MutexLock lock(mutex_);
  while (!due_ && !due_soon_ && !stopping_) WaitAndWatch(steady_clock::time_point::max());
  const auto end = steady_clock::now() + soon_;
  while (!due_ && !stopping_ && steady_clock::now() < end) WaitAndWatch(end);
  if (stopping_) return std::nullopt;
  due_soon_ = due_;  // what is put off under load is done once it is over
  return std::exchange(due_, false) ? StoreAdmin::Load::kBusy : StoreAdmin::Load::kQuiet;
}

bool Maintenance::Watch() {
  watch_too_();
  bool is_work_left = false;
  storage_health_.TryRun(StorageHealth::Use::kMaintain, [&] {
    is_work_left = store_->Watch();
    return false;  // that nothing is gone does not mean that all works
  });
  return is_work_left;
}

bool Maintenance::stopping() {
  const MutexLock lock(mutex_);
  return stopping_;
}

void Maintenance::Run() {
  pthread_setname_np(pthread_self(), "maintenance");
  while (const auto load = WaitForWork()) {
    storage_health_.Run(StorageHealth::Use::kMaintain, [this, load] {
      while (store_->Maintain(*load) && !stopping()) {
      }
    });
  }
  Watch();
}

}  // namespace page_count
