#include "worker/cpu_affinity.h"

#include <string>
#include <system_error>
#include <utility>

#include "worker/log.h"

namespace page_count {

CpuAffinity::CpuAffinity(std::vector<pthread_t> threads) : threads_(std::move(threads)) {
  if (sched_getaffinity(0, sizeof(all_), &all_) != 0) threads_.clear();  // more processors than a cpu_set_t holds
  for (size_t processor = CPU_SETSIZE; processor-- > 0 && CPU_COUNT(&one_) == 0;) {
    if (CPU_ISSET(processor, &all_)) CPU_SET(processor, &one_);
  }
}

void CpuAffinity::Bind() { Set(one_); }

void CpuAffinity::Unbind() { Set(all_); }

void CpuAffinity::Set(const cpu_set_t& processors) {
  for (const pthread_t thread : threads_) {
    const int error = pthread_setaffinity_np(thread, sizeof(processors), &processors);
    if (error == 0) continue;
    LogLine("cannot keep to one processor, the kernel chooses: " + std::generic_category().message(error));
    threads_.clear();
    return;
  }
}

}  // namespace page_count
