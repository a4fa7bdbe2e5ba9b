// A mutex, the scope that holds one and a condition variable, as those of the standard library, but known to clang's
// -Wthread-safety, which checks that what is GUARDED_BY a mutex is used with it held.
//
// Any thread. A condition is waited for in a loop, not by a predicate: clang checks a lambda without its caller's
// locks.
#ifndef PAGE_COUNT_BASE_MUTEX_H_
#define PAGE_COUNT_BASE_MUTEX_H_

#include <chrono>
#include <condition_variable>
#include <mutex>

#include "worker/base/thread_annotations.h"

namespace page_count {

class LOCKABLE Mutex {
 public:
  void Lock() ACQUIRE() { mutex_.lock(); }
  [[nodiscard]] bool TryLock() TRY_ACQUIRE(true) { return mutex_.try_lock(); }
  void Unlock() RELEASE() { mutex_.unlock(); }
  // Tells clang what it cannot see, as in a lambda: the mutex is held. Does nothing.
  void AssertHeld() ASSERT_HELD(this) {}

 private:
  friend class CondVar;
  std::mutex mutex_;
};

class SCOPED_LOCKABLE MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) ACQUIRE(mutex) : mutex_(mutex) { mutex_.Lock(); }
  // Of a mutex that is held already, after TryLock.
  MutexLock(Mutex& mutex, std::adopt_lock_t) REQUIRES(mutex) : mutex_(mutex) {}
  ~MutexLock() RELEASE() { mutex_.Unlock(); }
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

 private:
  Mutex& mutex_;
};

class CondVar {
 public:
  void Wait(Mutex& mutex) REQUIRES(mutex) {
    std::unique_lock lock(mutex.mutex_, std::adopt_lock);
    changed_.wait(lock);
    lock.release();
  }
  // Returns false once the time is over.
  template <typename Clock, typename Duration>
  bool WaitUntil(Mutex& mutex, std::chrono::time_point<Clock, Duration> end) REQUIRES(mutex) {
    std::unique_lock lock(mutex.mutex_, std::adopt_lock);
    const auto status = changed_.wait_until(lock, end);
    lock.release();
    return status == std::cv_status::no_timeout;
  }
  void Signal() { changed_.notify_one(); }
  void SignalAll() { changed_.notify_all(); }

 private:
  std::condition_variable changed_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_BASE_MUTEX_H_
