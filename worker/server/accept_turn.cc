#include "worker/server/accept_turn.h"

#include <pthread.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

#include "worker/system/event_fd.h"
#include "worker/system/file_lock.h"

namespace page_count {
namespace {

constexpr std::chrono::milliseconds kPeriod(100);

}  // namespace

// Shared with the waiting thread, which cannot be called back while it waits for the kernel: where the process goes on
// without an AcceptTurn it ends once the lock has come to it.
struct AcceptTurn::Waiter {
  explicit Waiter(const std::string& path) : lock(path) {}

  void Run() {
    pthread_setname_np(pthread_self(), "accept turn");
    for (;;) {
      {
        std::unique_lock guard(mutex);
        changed.wait(guard, [this] { return awaited || abandoned; });
        if (abandoned) return;
      }
      auto taken = lock.Lock();
      const std::lock_guard guard(mutex);
      awaited = false;
      if (abandoned) return;
      turn.emplace(std::move(taken));
      came.Signal();
    }
  }

  FileLock lock;
  EventFd came;
  std::mutex mutex;
  std::condition_variable changed;
  bool awaited = false;
  bool abandoned = false;
  std::optional<FileLock::Guard> turn;
};

AcceptTurn::AcceptTurn(const std::string& path, int spread_at_percent, const std::vector<pthread_t>& threads)
    : waiter_(std::make_shared<Waiter>(path)), spread_at_percent_(spread_at_percent), use_(threads, kPeriod) {
  std::thread([waiter = waiter_] { waiter->Run(); }).detach();
}

AcceptTurn::~AcceptTurn() {
  const std::lock_guard guard(waiter_->mutex);
  waiter_->abandoned = true;
  waiter_->turn.reset();
  waiter_->changed.notify_one();
}

void AcceptTurn::Await() {
  const std::lock_guard guard(waiter_->mutex);
  waiter_->awaited = true;
  waiter_->changed.notify_one();
}

int AcceptTurn::descriptor() const { return waiter_->came.descriptor(); }

void AcceptTurn::Begin() {
  waiter_->came.Clear();
  has_ = true;
  use_.StartPeriod();
}

void AcceptTurn::PassOn() {
  has_ = false;
  const std::lock_guard guard(waiter_->mutex);
  waiter_->turn.reset();
}

bool AcceptTurn::IsBusy() {
  const auto percent = use_.Percent();
  return percent && *percent >= spread_at_percent_;
}

}  // namespace page_count
