// Where a thread waits until a test lets it go on. Once open it stays so.
#ifndef PAGE_COUNT_TESTS_UNIT_GATE_H_
#define PAGE_COUNT_TESTS_UNIT_GATE_H_

#include <condition_variable>
#include <mutex>

namespace page_count {

class Gate {
 public:
  void Pass() {
    std::unique_lock lock(mutex_);
    is_waited_at_ = true;
    changed_.notify_all();
    changed_.wait(lock, [this] { return is_open_; });
  }
  void AwaitOneWhoWaits() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return is_waited_at_; });
  }
  void Open() {
    const std::lock_guard lock(mutex_);
    is_open_ = true;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool is_waited_at_ = false;
  bool is_open_ = false;
};

}  // namespace page_count

#endif  // PAGE_COUNT_TESTS_UNIT_GATE_H_
