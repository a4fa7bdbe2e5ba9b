// Ends the process if it takes too long over ending by itself.
//
// A thread that hangs in a system call, on a disk that does not respond, cannot be joined: destructors would wait for
// it for ever. Make it before whatever owns such threads, so that it is destroyed after them. What the process was
// doing to its files by then must be safe to cut off.
#ifndef PAGE_COUNT_SYSTEM_EXIT_DEADLINE_H_
#define PAGE_COUNT_SYSTEM_EXIT_DEADLINE_H_

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace page_count {

class ExitDeadline {
 public:
  ExitDeadline() = default;
  // The process has got this far in time.
  ~ExitDeadline();
  ExitDeadline(const ExitDeadline&) = delete;
  ExitDeadline& operator=(const ExitDeadline&) = delete;

  // From now on: after `time` the process says so in the log and ends with that status, without destroying anything.
  void Start(std::chrono::milliseconds time, int status);

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool is_over_ = false;
  std::thread thread_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_SYSTEM_EXIT_DEADLINE_H_
