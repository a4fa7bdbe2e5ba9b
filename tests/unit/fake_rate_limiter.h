// A RateLimiter without a window: it admits until a key's log is full, and notes what it was asked.
#ifndef PAGE_COUNT_TESTS_UNIT_FAKE_RATE_LIMITER_H_
#define PAGE_COUNT_TESTS_UNIT_FAKE_RATE_LIMITER_H_

#include <chrono>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "worker/limit/rate_limiter.h"

namespace page_count {

class FakeRateLimiter : public RateLimiter {
 public:
  std::map<std::pair<std::string, std::string>, uint32_t> visits;  // by client and page
  std::vector<uint32_t> limits;                                    // of each Admit
  std::chrono::milliseconds retry_after{1};                        // of each refusal

  [[nodiscard]] Decision Admit(const RateKey& key, uint32_t limit) override {
    limits.push_back(limit);
    uint32_t& logged = visits[{std::string(key.client), std::string(key.page)}];
    if (logged >= limit) return {false, retry_after};
    ++logged;
    return {true, {}};
  }
  void Refund(const RateKey& key) override { --visits[{std::string(key.client), std::string(key.page)}]; }
};

}  // namespace page_count

#endif  // PAGE_COUNT_TESTS_UNIT_FAKE_RATE_LIMITER_H_
