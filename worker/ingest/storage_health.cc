#include "worker/ingest/storage_health.h"

#include <algorithm>

#include "worker/base/log.h"
#include "worker/store/visit_store.h"

namespace page_count {

bool StorageHealth::Run(Use use, const std::function<void()>& run) {
  return TryRun(use, [&run] {
    run();
    return true;
  });
}

bool StorageHealth::TryRun(Use use, const std::function<bool()>& run) {
  bool done = false;
  try {
    done = run();
  } catch (const StoreError& error) {
    Failed(use, error.what());
    return false;
  }
  if (done) Worked(use);
  return true;
}

void StorageHealth::Failed(Use use, const std::string& message) {
  const MutexLock lock(mutex_);
  const bool is_known = std::find(messages_.begin(), messages_.end(), message) != messages_.end();
  messages_[static_cast<size_t>(use)] = message;
  if (use == Use::kWrite || use == Use::kSync) recording_.failed = std::chrono::steady_clock::now();
  if (!is_known) LogLine("storage unavailable, requests get 503 until it is back: " + message);
}

void StorageHealth::Worked(Use use) {
  const MutexLock lock(mutex_);
  if (use == Use::kSync) recording_.worked = std::chrono::steady_clock::now();
  std::string& message = messages_[static_cast<size_t>(use)];
  if (message.empty()) return;
  message.clear();
  const bool all_work = std::all_of(messages_.begin(), messages_.end(), [](const auto& text) { return text.empty(); });
  if (all_work) LogLine("storage is back");
}

StorageHealth::Recording StorageHealth::recording() const {
  const MutexLock lock(mutex_);
  return recording_;
}

bool StorageHealth::is_reading_failing() const {
  const MutexLock lock(mutex_);
  return !messages_[static_cast<size_t>(Use::kRead)].empty();
}

}  // namespace page_count
