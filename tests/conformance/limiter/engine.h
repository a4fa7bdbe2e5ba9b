// An engine of the rate limit as the conformance tests see it: one log of visits, and any number of limiters on it.
//
// Its clock is the test's. To have another engine tested, add it to AllEngines.
#ifndef PAGE_COUNT_TESTS_CONFORMANCE_LIMITER_ENGINE_H_
#define PAGE_COUNT_TESTS_CONFORMANCE_LIMITER_ENGINE_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "worker/limit/rate_limiter.h"

namespace page_count {

class LimiterEngine {
 public:
  static constexpr std::chrono::milliseconds kWindow = std::chrono::seconds(60);
  static constexpr uint32_t kMostVisits = 20;  // the largest limit that is asked of it

  virtual ~LimiterEngine() = default;

  // A further limiter on the same log, as another worker has it. The engine outlives it.
  virtual std::unique_ptr<RateLimiter> Open() = 0;
  void Advance(std::chrono::milliseconds by) { now_ms_ += static_cast<uint64_t>(by.count()); }

 protected:
  uint64_t now_ms() const { return now_ms_; }

 private:
  uint64_t now_ms_ = 1'000'000'000;
};

struct EngineUnderTest {
  std::string name;
  std::function<std::unique_ptr<LimiterEngine>()> make;
};
inline std::ostream& operator<<(std::ostream& out, const EngineUnderTest& engine) { return out << engine.name; }

std::unique_ptr<LimiterEngine> MakeNaiveEngine();
std::unique_ptr<LimiterEngine> MakeSharedRateTableEngine();

inline std::vector<EngineUnderTest> RealEngines() { return {{"SharedRateTable", MakeSharedRateTableEngine}}; }
inline std::vector<EngineUnderTest> AllEngines() {
  auto engines = RealEngines();
  engines.push_back({"Naive", MakeNaiveEngine});
  return engines;
}

// All decisions on the keys, of an engine that decides at once.
std::vector<RateLimiter::Decision> Decide(RateLimiter& limiter, const std::vector<RateKey>& keys, uint32_t visits);

}  // namespace page_count

#endif  // PAGE_COUNT_TESTS_CONFORMANCE_LIMITER_ENGINE_H_
