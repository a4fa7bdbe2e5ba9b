#include "worker/store/sync_thread.h"

#include <pthread.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace page_count {

SyncThread::SyncThread(std::function<bool()> sync) : sync_(std::move(sync)), done_event_(eventfd(0, EFD_CLOEXEC)) {
  if (done_event_ < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
  thread_ = std::thread([this] { Run(); });
}

SyncThread::~SyncThread() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  thread_.join();
  close(done_event_);
}

void SyncThread::Start() {
  {
    const std::lock_guard lock(mutex_);
    started_ = true;
  }
  changed_.notify_one();
}

bool SyncThread::Finish() {
  uint64_t count = 0;
  [[maybe_unused]] const ssize_t got = read(done_event_, &count, sizeof(count));
  const std::lock_guard lock(mutex_);
  return worked_;
}

void SyncThread::Run() {
  pthread_setname_np(pthread_self(), "sync");
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return started_ || stopping_; });
    if (!started_) return;
    started_ = false;
    lock.unlock();
    const bool worked = sync_();
    lock.lock();
    worked_ = worked;
    const uint64_t one = 1;
    [[maybe_unused]] const ssize_t written = write(done_event_, &one, sizeof(one));
  }
}

}  // namespace page_count
