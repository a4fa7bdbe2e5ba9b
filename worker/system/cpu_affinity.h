// Keeps threads that work hand in hand on one processor, and lets them go again.
//
// Where every request makes threads and processes wake each other, the kernel tends to move them all behind each other
// on one processor while the next one idles: it takes what wakes another for about to sleep, and leaves alone what ran
// half a millisecond ago. Threads that stay where they are keep the others off, and their caches warm. While they need
// nearly all of a processor they are let go: then they gain more from a second one.
// The processor is the last that the process may use; systems tend to use the first ones for their own work. Used by
// one thread at a time. A failure is logged once, and leaves the threads to the kernel.
#ifndef PAGE_COUNT_SYSTEM_CPU_AFFINITY_H_
#define PAGE_COUNT_SYSTEM_CPU_AFFINITY_H_

#include <pthread.h>
#include <sched.h>

#include <vector>

#include "worker/system/processor_use.h"

namespace page_count {

class CpuAffinity {
 public:
  // Of this process's threads, which outlive it; of none where all is to be left to the kernel.
  explicit CpuAffinity(std::vector<pthread_t> threads);

  void Bind();
  void Unbind();
  // Lets the threads go, or takes them back, by how much they use of late. Call it often between Bind and Unbind.
  void Adapt();

 private:
  void Set(const cpu_set_t& processors);
  void Fail(int error);

  std::vector<pthread_t> threads_;
  ProcessorUse use_;
  bool bound_ = false;
  cpu_set_t all_{};  // that the process may use
  cpu_set_t one_{};
};

}  // namespace page_count

#endif  // PAGE_COUNT_SYSTEM_CPU_AFFINITY_H_
