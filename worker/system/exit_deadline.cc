#include "worker/system/exit_deadline.h"

#include <cstdlib>

#include "worker/base/log.h"

namespace page_count {

ExitDeadline::~ExitDeadline() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    is_over_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void ExitDeadline::Start(std::chrono::milliseconds time, int status) {
  thread_ = std::thread([this, time, status] {
    std::unique_lock lock(mutex_);
    if (changed_.wait_for(lock, time, [this] { return is_over_; })) return;
    LogLine("ends without waiting any longer for what its threads are at");
    std::_Exit(status);
  });
}

}  // namespace page_count
