#include "worker/http/accept_turn.h"

#include <pthread.h>

#include <condition_variable>
#include <ctime>
#include <mutex>
#include <optional>
#include <thread>

#include "worker/event.h"
#include "worker/fair_lock.h"

namespace page_count {
namespace {

constexpr int64_t kPeriodNs = 100'000'000;

int64_t NanosecondsOf(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

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
      auto taken = lock.Take();
      const std::lock_guard guard(mutex);
      awaited = false;
      if (abandoned) return;
      turn.emplace(std::move(taken));
      came.Signal();
    }
  }

  FairLock lock;
  Event came;
  std::mutex mutex;
  std::condition_variable changed;
  bool awaited = false;
  bool abandoned = false;
  std::optional<FairLock::Turn> turn;
};

AcceptTurn::AcceptTurn(const std::string& path, int spread_at_percent)
    : waiter_(std::make_shared<Waiter>(path)), spread_at_percent_(spread_at_percent) {
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
  StartPeriod();
}

void AcceptTurn::PassOn() {
  has_ = false;
  const std::lock_guard guard(waiter_->mutex);
  waiter_->turn.reset();
}

void AcceptTurn::StartPeriod() {
  period_start_ns_ = NanosecondsOf(CLOCK_MONOTONIC_COARSE);
  processor_start_ns_ = NanosecondsOf(CLOCK_THREAD_CPUTIME_ID);
}

bool AcceptTurn::IsBusy() {
  const int64_t period_ns = NanosecondsOf(CLOCK_MONOTONIC_COARSE) - period_start_ns_;
  if (period_ns < kPeriodNs) return false;
  const int64_t processor_ns = NanosecondsOf(CLOCK_THREAD_CPUTIME_ID) - processor_start_ns_;
  StartPeriod();
  return processor_ns * 100 >= period_ns * spread_at_percent_;
}

}  // namespace page_count
