// What the rate limit promises, whatever engine keeps its log.
#include <gtest/gtest.h>

#include "tests/conformance/limiter/engine.h"

namespace page_count {
namespace {

using namespace std::chrono_literals;
using Verdict = RateLimiter::Verdict;

constexpr RateKey kKey{"192.0.2.1", "https://example.com/"};
constexpr auto kWindow = LimiterEngine::kWindow;

class LimiterConformance : public testing::TestWithParam<EngineUnderTest> {
 protected:
  RateLimiter::Decision Decide(const RateKey& key, uint32_t visits) { return DecideAll({key}, visits).front(); }
  std::vector<RateLimiter::Decision> DecideAll(const std::vector<RateKey>& keys, uint32_t visits) {
    return page_count::Decide(*limiter_, keys, visits);
  }
  bool Admits(const RateKey& key, uint32_t visits) { return Decide(key, visits).verdict == Verdict::kAdmitted; }
  void Refund(const RateKey& key) { limiter_->Refund({&key, 1}); }
  int AdmitAll(const RateKey& key, uint32_t visits) {
    int admitted = 0;
    while (Admits(key, visits)) ++admitted;
    return admitted;
  }

  std::unique_ptr<LimiterEngine> engine_ = GetParam().make();
  std::unique_ptr<RateLimiter> limiter_ = engine_->Open();
};

TEST_P(LimiterConformance, AdmitsAsManyVisitsInAWindowAsTheLimitSays) {
  EXPECT_EQ(AdmitAll(kKey, 10), 10);
  EXPECT_EQ(Decide(kKey, 10).verdict, Verdict::kRefused);
  engine_->Advance(kWindow);
  EXPECT_EQ(AdmitAll(kKey, 10), 10);
}

TEST_P(LimiterConformance, AdmitsAgainOnceTheOldestVisitLeavesTheWindow) {
  for (int i = 0; i < 10; ++i) {
    ASSERT_TRUE(Admits(kKey, 10));
    engine_->Advance(1s);
  }
  engine_->Advance(50s - 1ms);
  EXPECT_FALSE(Admits(kKey, 10));
  engine_->Advance(1ms);
  EXPECT_TRUE(Admits(kKey, 10)) << "the first visit is as old as the window";
  EXPECT_FALSE(Admits(kKey, 10)) << "the second is not";
}

TEST_P(LimiterConformance, DoesNotCountARefusedVisit) {
  ASSERT_TRUE(Admits(kKey, 1));
  for (int i = 0; i < 59; ++i) {
    engine_->Advance(1s);
    ASSERT_FALSE(Admits(kKey, 1));
  }
  engine_->Advance(1s);
  EXPECT_TRUE(Admits(kKey, 1));
}

TEST_P(LimiterConformance, SaysWhenTheSameVisitWouldBeAdmitted) {
  ASSERT_TRUE(Admits(kKey, 3));
  engine_->Advance(20s);
  ASSERT_TRUE(Admits(kKey, 3));
  ASSERT_TRUE(Admits(kKey, 3));
  engine_->Advance(10s);
  EXPECT_EQ(Decide(kKey, 3).retry_after, 30s) << "until the first visit leaves";
  EXPECT_EQ(Decide(kKey, 2).retry_after, 50s) << "until the second one does";
  engine_->Advance(30s - 1ms);
  EXPECT_EQ(Decide(kKey, 3).retry_after, 1ms);
  engine_->Advance(1ms);
  EXPECT_TRUE(Admits(kKey, 3));
}

TEST_P(LimiterConformance, LimitsEachClientAndPageOnItsOwn) {
  ASSERT_TRUE(Admits({"192.0.2.1", "https://h/"}, 1));
  EXPECT_TRUE(Admits({"192.0.2.2", "https://h/"}, 1));
  EXPECT_TRUE(Admits({"192.0.2.1", "https://h/a"}, 1));
  EXPECT_TRUE(Admits({"192.0.2.1h", "ttps://h/"}, 1)) << "the same text, divided elsewhere";
  EXPECT_TRUE(Admits({std::string_view("\0\xFF", 2), "https://h/"}, 1)) << "a prefix of an IPv6 address";
  EXPECT_FALSE(Admits({"192.0.2.1", "https://h/"}, 1));
}

TEST_P(LimiterConformance, LimitsOfAnotherSizeSeeEachOthersVisits) {
  EXPECT_EQ(AdmitAll(kKey, 10), 10);
  EXPECT_EQ(AdmitAll(kKey, 20), 10);
  engine_->Advance(1s);
  EXPECT_FALSE(Admits(kKey, 10));
}

TEST_P(LimiterConformance, DecidesABatchInItsOrder) {
  const RateKey other{"192.0.2.1", "https://example.com/other"};
  ASSERT_TRUE(Admits(kKey, 2));
  engine_->Advance(10s);
  const auto decisions = DecideAll({kKey, other, kKey, other, kKey, other}, 2);
  std::vector<Verdict> verdicts;
  for (const auto& decision : decisions) verdicts.push_back(decision.verdict);
  using enum RateLimiter::Verdict;
  EXPECT_EQ(verdicts, (std::vector{kAdmitted, kAdmitted, kRefused, kAdmitted, kRefused, kRefused}));
  EXPECT_EQ(decisions[2].retry_after, 50s);
  EXPECT_EQ(decisions[5].retry_after, 60s);
}

TEST_P(LimiterConformance, DecidesOnNoKeysToo) { EXPECT_TRUE(DecideAll({}, 1).empty()); }

TEST_P(LimiterConformance, DoesNotCountARefundedVisit) {
  ASSERT_TRUE(Admits(kKey, 2));
  engine_->Advance(10s);
  ASSERT_TRUE(Admits(kKey, 2));
  Refund(kKey);
  EXPECT_TRUE(Admits(kKey, 2));
  EXPECT_EQ(Decide(kKey, 2).retry_after, 50s) << "the first visit still counts";
}

TEST_P(LimiterConformance, RefundsEachKeyOfABatchAsOftenAsItIsInIt) {
  const RateKey other{"192.0.2.1", "https://example.com/other"};
  DecideAll({kKey, kKey, other}, 2);
  limiter_->Refund(std::vector{kKey, other, kKey});
  EXPECT_EQ(AdmitAll(kKey, 2), 2);
  EXPECT_EQ(AdmitAll(other, 2), 2);
}

TEST_P(LimiterConformance, IsNotHarmedByMoreRefundsThanVisits) {
  Refund(kKey);
  EXPECT_EQ(AdmitAll(kKey, 2), 2);
  for (int i = 0; i < 3; ++i) Refund(kKey);
  EXPECT_EQ(AdmitAll(kKey, 2), 2);
}

TEST_P(LimiterConformance, LimitersOfAllWorkersShareOneLog) {
  const auto another = engine_->Open();
  ASSERT_TRUE(Admits(kKey, 2));
  EXPECT_EQ(page_count::Decide(*another, {kKey, kKey}, 2).back().verdict, Verdict::kRefused);
  EXPECT_FALSE(Admits(kKey, 2));
  another->Refund({&kKey, 1});
  EXPECT_TRUE(Admits(kKey, 2));
}

TEST_P(LimiterConformance, TheLogOutlivesAWorker) {
  const auto another = engine_->Open();
  EXPECT_EQ(AdmitAll(kKey, 3), 3);
  limiter_ = engine_->Open();
  EXPECT_EQ(AdmitAll(kKey, 3), 0);
}

INSTANTIATE_TEST_SUITE_P(Engines, LimiterConformance, testing::ValuesIn(AllEngines()),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace page_count
