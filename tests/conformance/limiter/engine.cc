#include "tests/conformance/limiter/engine.h"

#include <gtest/gtest.h>

namespace page_count {

std::vector<RateLimiter::Decision> Decide(RateLimiter& limiter, const std::vector<RateKey>& keys, uint32_t visits) {
  std::vector<RateLimiter::Decision> decided;
  int calls = 0;
  limiter.Admit(keys, visits, [&](std::span<const RateLimiter::Decision> decisions) {
    decided.assign(decisions.begin(), decisions.end());
    ++calls;
  });
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(decided.size(), keys.size());
  return decided;
}

}  // namespace page_count
