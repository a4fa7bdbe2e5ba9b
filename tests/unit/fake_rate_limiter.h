// A RateLimiter without a window: it admits until a key's log is full, and notes what it was asked.
#ifndef PAGE_COUNT_TESTS_UNIT_FAKE_RATE_LIMITER_H_
#define PAGE_COUNT_TESTS_UNIT_FAKE_RATE_LIMITER_H_

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "worker/limit/rate_limiter.h"

namespace page_count {

class FakeRateLimiter : public RateLimiter {
 public:
  std::map<std::pair<std::string, std::string>, uint32_t> visits;  // by client and page
  std::vector<uint32_t> limits;                                    // of each call of Admit
  std::chrono::milliseconds retry_after{1};                        // of each refusal
  size_t decides = SIZE_MAX;                                       // so many keys a call, the others are unavailable
  bool decides_later = false;                                      // once `answer_later` is called
  std::function<void()> answer_later;
  std::function<void()> before_admit = [] {};

  void Admit(std::span<const RateKey> keys, uint32_t limit, OnDecided on_decided) override {
    before_admit();
    limits.push_back(limit);
    std::vector<Decision> decisions;
    for (const RateKey& key : keys) {
      uint32_t& logged = visits[{std::string(key.client), std::string(key.page)}];
      if (decisions.size() >= decides) {
        decisions.push_back({Verdict::kUnavailable});
      } else if (logged >= limit) {
        decisions.push_back({Verdict::kRefused, retry_after});
      } else {
        ++logged;
        decisions.push_back({Verdict::kAdmitted});
      }
    }
    answer_later = [decisions, on_decided] { on_decided(decisions); };
    if (!decides_later) answer_later();
  }
  void Refund(std::span<const RateKey> keys) override {
    for (const RateKey& key : keys) --visits[{std::string(key.client), std::string(key.page)}];
  }

  // How many visits are in the logs.
  uint32_t VisitsCounted() const {
    uint32_t count = 0;
    for (const auto& [key, logged] : visits) count += logged;
    return count;
  }
};

}  // namespace page_count

#endif  // PAGE_COUNT_TESTS_UNIT_FAKE_RATE_LIMITER_H_
