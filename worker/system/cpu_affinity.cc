#include "worker/system/cpu_affinity.h"

#include <cerrno>
#include <chrono>
#include <string>
#include <system_error>
#include <utility>

#include "worker/base/log.h"

namespace page_count {
namespace {

// Longer than it takes to count a set of visits, for which alone it is not worth to move.
constexpr std::chrono::seconds kPeriod(1);

// Of the one processor, by all the threads.
constexpr int64_t kTooMuchPercent = 90;
constexpr int64_t kLittleEnoughPercent = 80;

}  // namespace

CpuAffinity::CpuAffinity(std::vector<pthread_t> threads) : threads_(std::move(threads)), use_(threads_, kPeriod) {
  if (threads_.empty()) return;
  if (sched_getaffinity(0, sizeof(all_), &all_) != 0) Fail(errno);
  for (size_t processor = CPU_SETSIZE; processor-- > 0 && CPU_COUNT(&one_) == 0;) {
    if (CPU_ISSET(processor, &all_)) CPU_SET(processor, &one_);
  }
}

void CpuAffinity::Bind() {
  bound_ = true;
  Set(one_);
  use_.StartPeriod();
}

void CpuAffinity::Unbind() {
  bound_ = false;
  Set(all_);
}

void CpuAffinity::Adapt() {
  if (threads_.empty()) return;
  const auto percent = use_.Percent();
  if (!percent) return;
  if (bound_ && *percent >= kTooMuchPercent) Unbind();
  if (!bound_ && *percent <= kLittleEnoughPercent) Bind();
}

void CpuAffinity::Set(const cpu_set_t& processors) {
  for (const pthread_t thread : threads_) {
    const int error = pthread_setaffinity_np(thread, sizeof(processors), &processors);
    if (error != 0) return Fail(error);
  }
}

void CpuAffinity::Fail(int error) {
  LogLine("cannot keep to one processor, the kernel chooses: " + std::generic_category().message(error));
  threads_.clear();
}

}  // namespace page_count
