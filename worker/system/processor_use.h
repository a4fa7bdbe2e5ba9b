// How much of a processor some threads use, measured over one period after the other.
//
// Of threads of this process, which outlive it. Used by one thread at a time.
#ifndef PAGE_COUNT_SYSTEM_PROCESSOR_USE_H_
#define PAGE_COUNT_SYSTEM_PROCESSOR_USE_H_

#include <pthread.h>

#include <chrono>
#include <cstdint>
#include <ctime>
#include <optional>
#include <vector>

namespace page_count {

class ProcessorUse {
 public:
  // Of periods that long or a little longer.
  ProcessorUse(const std::vector<pthread_t>& threads, std::chrono::milliseconds period);

  void StartPeriod();
  // In per cent of one processor, all threads together; the next period starts. Nothing while the period is not over.
  std::optional<int64_t> Percent();

 private:
  int64_t UsedNs() const;

  std::vector<clockid_t> clocks_;
  int64_t period_ns_;
  int64_t period_start_ns_ = 0;
  int64_t used_at_start_ns_ = 0;
};

}  // namespace page_count

#endif  // PAGE_COUNT_SYSTEM_PROCESSOR_USE_H_
