#include "worker/system/processor_use.h"

namespace page_count {
namespace {

int64_t NanosecondsOf(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

}  // namespace

ProcessorUse::ProcessorUse(const std::vector<pthread_t>& threads, std::chrono::milliseconds period)
    : period_ns_(std::chrono::nanoseconds(period).count()) {
  for (const pthread_t thread : threads) {
    clockid_t clock{};
    if (pthread_getcpuclockid(thread, &clock) == 0) clocks_.push_back(clock);
  }
  StartPeriod();
}

void ProcessorUse::StartPeriod() {
  period_start_ns_ = NanosecondsOf(CLOCK_MONOTONIC_COARSE);
  used_at_start_ns_ = UsedNs();
}

std::optional<int64_t> ProcessorUse::Percent() {
  const int64_t passed_ns = NanosecondsOf(CLOCK_MONOTONIC_COARSE) - period_start_ns_;
  if (passed_ns < period_ns_) return std::nullopt;
  const int64_t used_ns = UsedNs() - used_at_start_ns_;
  StartPeriod();
  return used_ns * 100 / passed_ns;
}

int64_t ProcessorUse::UsedNs() const {
  int64_t used_ns = 0;
  for (const clockid_t clock : clocks_) used_ns += NanosecondsOf(clock);
  return used_ns;
}

}  // namespace page_count
