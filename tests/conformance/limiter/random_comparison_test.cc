// Every engine against the naive one: the same calls must have the same decisions, to the millisecond.
#include <gtest/gtest.h>

#include <cstdlib>
#include <random>
#include <string>

#include "tests/conformance/limiter/engine.h"

namespace page_count {
namespace {

constexpr int kRounds = 20;
constexpr int kSteps = 2'000;
constexpr int kWorkers = 3;

// Few keys, so that each has many visits.
const std::vector<RateKey>& Keys() {
  static const std::vector<RateKey> keys = [] {
    std::vector<RateKey> all;
    for (const char* client : {"192.0.2.1", "192.0.2.2", "2001:db8::"}) {
      for (const char* page : {"https://h/", "https://h/a", "https://h/b"}) all.push_back({client, page});
    }
    return all;
  }();
  return keys;
}

class RandomCalls {
 public:
  explicit RandomCalls(unsigned seed) : random_(seed) {}

  int Number(int least, int most) { return std::uniform_int_distribution(least, most)(random_); }
  std::vector<RateKey> Batch() {
    std::vector<RateKey> keys;
    for (int left = Number(1, 4) < 4 ? 1 : Number(2, 30); left > 0; --left) {
      keys.push_back(Keys()[static_cast<size_t>(Number(0, static_cast<int>(Keys().size()) - 1))]);
    }
    return keys;
  }
  uint32_t Limit() { return static_cast<uint32_t>(Number(0, 3) > 0 ? 10 : Number(1, LimiterEngine::kMostVisits)); }
  // Mostly short; sometimes to the edge of a window, or far past it.
  std::chrono::milliseconds Step() {
    const int kind = Number(0, 99);
    if (kind < 60) return std::chrono::milliseconds(Number(0, 2'000));
    if (kind < 95) return std::chrono::milliseconds(Number(2'000, 20'000));
    if (kind < 99) return LimiterEngine::kWindow + std::chrono::milliseconds(Number(-2, 2));
    return LimiterEngine::kWindow * Number(2, 100'000);
  }

 private:
  std::mt19937 random_;
};

struct Workers {
  explicit Workers(std::unique_ptr<LimiterEngine> under_test) : engine(std::move(under_test)) {
    for (int i = 0; i < kWorkers; ++i) limiters.push_back(engine->Open());
  }

  std::unique_ptr<LimiterEngine> engine;
  std::vector<std::unique_ptr<RateLimiter>> limiters;
};

class LimiterComparison : public testing::TestWithParam<EngineUnderTest> {};

void Compare(Workers& tested, Workers& naive, unsigned seed) {
  RandomCalls calls(seed);
  for (int step = 0; step < kSteps; ++step) {
    const auto by = calls.Step();
    const auto worker = static_cast<size_t>(calls.Number(0, kWorkers - 1));
    const auto keys = calls.Batch();
    const uint32_t limit = calls.Limit();
    const bool refunds = calls.Number(0, 4) == 0;
    for (Workers* workers : {&tested, &naive}) workers->engine->Advance(by);
    const auto decisions = Decide(*tested.limiters[worker], keys, limit);
    const auto expected = Decide(*naive.limiters[worker], keys, limit);
    std::vector<RateKey> admitted;
    for (size_t i = 0; i < keys.size(); ++i) {
      ASSERT_EQ(decisions[i].verdict, expected[i].verdict) << "step " << step << ", key " << i;
      ASSERT_EQ(decisions[i].retry_after, expected[i].retry_after) << "step " << step << ", key " << i;
      if (expected[i].verdict == RateLimiter::Verdict::kAdmitted) admitted.push_back(keys[i]);
    }
    if (!refunds) continue;
    for (Workers* workers : {&tested, &naive}) workers->limiters[worker]->Refund(admitted);
  }
}

// LIMITER_SEED runs one that has failed again.
TEST_P(LimiterComparison, DecidesAsTheNaiveEngine) {
  const char* given = std::getenv("LIMITER_SEED");
  for (int round = 0; round < (given == nullptr ? kRounds : 1); ++round) {
    const auto seed = given == nullptr ? std::random_device()() : static_cast<unsigned>(std::stoul(given));
    SCOPED_TRACE("LIMITER_SEED=" + std::to_string(seed));
    Workers tested(GetParam().make());
    Workers naive(MakeNaiveEngine());
    Compare(tested, naive, seed);
    if (HasFatalFailure()) return;
  }
}

INSTANTIATE_TEST_SUITE_P(Engines, LimiterComparison, testing::ValuesIn(RealEngines()),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace page_count
