// One visit's decision, of a limiter that decides at once.
#ifndef PAGE_COUNT_TESTS_UNIT_DECIDE_H_
#define PAGE_COUNT_TESTS_UNIT_DECIDE_H_

#include <chrono>

#include "worker/limit/rate_limiter.h"

namespace page_count {

struct Decided {
  bool admitted = false;
  std::chrono::milliseconds retry_after{0};
};

inline Decided Admit(RateLimiter& limiter, const RateKey& key, uint32_t visits) {
  Decided decided;
  limiter.Admit({&key, 1}, visits, [&decided](auto decisions) {
    decided = {decisions[0].verdict == RateLimiter::Verdict::kAdmitted, decisions[0].retry_after};
  });
  return decided;
}

inline void Refund(RateLimiter& limiter, const RateKey& key) { limiter.Refund({&key, 1}); }

}  // namespace page_count

#endif  // PAGE_COUNT_TESTS_UNIT_DECIDE_H_
