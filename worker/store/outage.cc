#include "worker/store/outage.h"

#include <exception>

#include "worker/log.h"

namespace page_count {

bool Outage::Guard(const std::function<void()>& use) {
  try {
    use();
  } catch (const std::exception& error) {
    Failed(error.what());
    return false;
  }
  Worked();
  return true;
}

void Outage::Failed(const std::string& message) {
  const std::lock_guard lock(mutex_);
  if (message_ == message) return;
  message_ = message;
  LogLine("storage unavailable, requests get 503 until it is back: " + message);
}

void Outage::Worked() {
  const std::lock_guard lock(mutex_);
  if (message_.empty()) return;
  message_.clear();
  LogLine("storage is back");
}

}  // namespace page_count
