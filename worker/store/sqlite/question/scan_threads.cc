#include "worker/store/sqlite/question/scan_threads.h"

#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <system_error>
#include <thread>
#include <vector>

#include "worker/base/mutex.h"

namespace page_count {
namespace {

constexpr size_t kMostThreads = 4;
constexpr size_t kPiecesAThread = 4;  // fewer are done before a thread has started

class Pieces {
 public:
  Pieces(size_t count, const ScanThreads::Work& work) : count_(count), work_(work) {}

  void Take(size_t thread) noexcept {
    try {
      for (size_t piece = next_++; piece < count_; piece = next_++) work_(thread, piece);
    } catch (...) {
      next_ = count_;
      const MutexLock lock(mutex_);
      if (!error_) error_ = std::current_exception();
    }
  }
  void ThrowError() {
    const MutexLock lock(mutex_);
    if (error_) std::rethrow_exception(error_);
  }

 private:
  const size_t count_;
  const ScanThreads::Work& work_;
  std::atomic<size_t> next_ = 0;
  Mutex mutex_;
  std::exception_ptr error_ GUARDED_BY(mutex_);
};

}  // namespace

size_t ScanThreads::Default() { return std::clamp<size_t>(std::thread::hardware_concurrency(), 1, kMostThreads); }

size_t ScanThreads::For(size_t pieces) const { return std::clamp<size_t>(pieces / kPiecesAThread, 1, most_); }

void ScanThreads::ForEach(size_t count, const Work& work) const {
  Pieces pieces(count, work);
  std::vector<std::thread> threads;
  threads.reserve(most_);
  try {
    for (size_t thread = 1; thread < For(count); ++thread) {
      threads.emplace_back([&pieces, thread] {
        pthread_setname_np(pthread_self(), "scan");
        pieces.Take(thread);
      });
    }
  } catch (const std::system_error&) {
    // The system has no more threads: those that there are take all pieces.
  }
  pieces.Take(0);
  for (std::thread& thread : threads) thread.join();
  pieces.ThrowError();
}

}  // namespace page_count
