// What the table itself adds to the promises of tests/conformance/limiter: its rings, and its clock of 32 bits.
#include "worker/limit/shared_rate_table.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/unit/rate_table_fixture.h"

namespace page_count {
namespace {

using std::chrono::milliseconds;
using namespace std::chrono_literals;

using SharedRateTableTest = RateTableTest;

TEST_F(SharedRateTableTest, StaysExactOverManyTurnsOfTheRing) {
  auto table = Open();
  for (int i = 0; i < 1000; ++i) {
    ASSERT_TRUE(Admit(*table, kKey, 20).admitted) << "visit " << i;
    Advance(3s);
    if (i < 19) continue;
    Advance(-1ms);
    ASSERT_FALSE(Admit(*table, kKey, 20).admitted) << "after visit " << i;
    Advance(1ms);
  }
}

TEST_F(SharedRateTableTest, TheTurnOf32BitsOfMillisecondsIsNotSeen) {
  now_ms_ = (uint64_t{1} << 32) - 5000;
  auto table = Open();
  for (int i = 0; i < 10; ++i) {
    ASSERT_TRUE(Admit(*table, kKey, 10).admitted);
    Advance(1s);
  }
  EXPECT_EQ(Admit(*table, kKey, 10).retry_after, 50s);
  Advance(50s);
  EXPECT_EQ(AdmitAll(*table, kKey, 10), 1);
}

TEST_F(SharedRateTableTest, VisitsOf49DaysAgoAreNotTakenForNewOnes) {
  auto table = Open();
  ASSERT_EQ(AdmitAll(*table, kKey, 10), 10);
  Advance(milliseconds(uint64_t{1} << 32));
  EXPECT_EQ(AdmitAll(*table, kKey, 10), 10);
}

TEST_F(SharedRateTableTest, VisitsOf49DaysAgoAreNotTakenForNewOnesAmongKeysInUse) {
  auto table = Open();
  ASSERT_EQ(AdmitAll(*table, kKey, 10), 10);
  for (int quarter = 0; quarter < 4; ++quarter) {
    ASSERT_TRUE(Admit(*table, KeyOf("in use"), 1).admitted);
    Advance(milliseconds(uint64_t{1} << 30));
  }
  EXPECT_EQ(AdmitAll(*table, kKey, 10), 10);
}

TEST_F(SharedRateTableTest, VisitsCountOverTheTurnOf32BitsThatAnotherKeySees) {
  now_ms_ = (uint64_t{1} << 32) - 30'000;
  auto table = Open();
  ASSERT_EQ(AdmitAll(*table, kKey, 10), 10);
  Advance(40s);
  ASSERT_TRUE(Admit(*table, KeyOf("another"), 1).admitted);
  EXPECT_EQ(Admit(*table, kKey, 10).retry_after, 20s);
  Advance(20s);
  EXPECT_EQ(AdmitAll(*table, kKey, 10), 10);
}

TEST_F(SharedRateTableTest, VisitsCountOverTheTurnOf32BitsInTheLongestWindow) {
  options_.window = milliseconds((uint64_t{1} << 32) - 1);
  auto table = Open();
  ASSERT_TRUE(Admit(*table, kKey, 1).admitted);
  Advance(options_.window - 1ms);
  ASSERT_TRUE(Admit(*table, KeyOf("another"), 1).admitted);
  EXPECT_EQ(Admit(*table, kKey, 1).retry_after, 1ms);
  Advance(1ms);
  EXPECT_TRUE(Admit(*table, kKey, 1).admitted);
  EXPECT_EQ(Admit(*table, KeyOf("another"), 1).retry_after, options_.window - 1ms);
}

TEST_F(SharedRateTableTest, ALastMillisecondOf32BitsIsLikeTheOthers) {
  for (const uint64_t turn_ms : {(uint64_t{1} << 32) - 1, uint64_t{1} << 32}) {
    std::filesystem::remove(options_.path);
    now_ms_ = turn_ms - 59'999;
    auto table = Open();
    ASSERT_TRUE(Admit(*table, kKey, 1).admitted);
    now_ms_ = turn_ms;
    EXPECT_EQ(Admit(*table, kKey, 1).retry_after, 1ms);
    Advance(1ms);
    EXPECT_TRUE(Admit(*table, kKey, 1).admitted);
  }
}

TEST_F(SharedRateTableTest, WorkersOfTwoWindowsAdmitNoMoreThanTheirOwn) {
  auto minute = Open();
  options_.window = 10s;
  auto ten_seconds = Open();
  EXPECT_EQ(AdmitAll(*minute, kKey, 5), 5);
  EXPECT_FALSE(Admit(*ten_seconds, kKey, 5).admitted);
  Advance(10s);
  EXPECT_FALSE(Admit(*minute, kKey, 5).admitted);
  EXPECT_EQ(AdmitAll(*ten_seconds, kKey, 5), 5);
  EXPECT_EQ(Admit(*minute, kKey, 5).retry_after, 60s);
}

class SharedRateTableOfVisitsTest : public RateTableTest, public testing::WithParamInterface<uint32_t> {};

TEST_P(SharedRateTableOfVisitsTest, DecidesAsALogOfEveryVisitWould) {
  constexpr uint64_t kWindowMs = 60'000;
  options_.visits_per_key = GetParam();
  auto table = Open();
  std::mt19937 random(4);
  std::map<std::string, std::vector<uint64_t>> logs;
  for (int step = 0; step < 100'000; ++step) {
    const std::string client = std::to_string(random() % 12);
    std::vector<uint64_t>& log = logs[client];
    if (random() % 10 == 0) {
      Refund(*table, KeyOf(client));
      if (!log.empty()) log.pop_back();
    } else {
      const auto visits = static_cast<uint32_t>(1 + random() % GetParam());
      const auto decision = Admit(*table, KeyOf(client), visits);
      const uint64_t nth_newest_ms = log.size() < visits ? 0 : log[log.size() - visits];
      const bool refuse = log.size() >= visits && now_ms_ - nth_newest_ms < kWindowMs;
      ASSERT_EQ(decision.admitted, !refuse) << "step " << step;
      if (refuse) {
        ASSERT_EQ(decision.retry_after, milliseconds(nth_newest_ms + kWindowMs - now_ms_));
      } else {
        log.push_back(now_ms_);
      }
    }
    Advance(milliseconds(random() % 1000 == 0 ? random() : random() % (15'000 / GetParam())));
  }
  EXPECT_GT(now_ms_, uint64_t{1} << 36);
  EXPECT_EQ(table->live_evictions(), 0U);
}

INSTANTIATE_TEST_SUITE_P(, SharedRateTableOfVisitsTest, testing::Values(1, 2, 5));

TEST_F(SharedRateTableTest, TakesALogOfOneVisitAndOneOfAsManyAsThereMayBe) {
  for (const uint32_t visits : {1U, 5000U, 65'535U}) {
    options_.visits_per_key = visits;
    auto table = Open();
    EXPECT_EQ(AdmitAll(*table, kKey, visits), static_cast<int>(visits));
    Advance(60s);
    EXPECT_EQ(AdmitAll(*table, kKey, visits), static_cast<int>(visits));
  }
}

TEST_F(SharedRateTableTest, RefusesOptionsThatMakeNoSense) {
  const auto with = [&](auto change) {
    SharedRateTable::Options options = options_;
    change(options);
    return options;
  };
  using Options = SharedRateTable::Options;
  for (const Options& options :
       {with([](Options& o) { o.keys = 0; }), with([](Options& o) { o.visits_per_key = 0; }),
        with([](Options& o) { o.visits_per_key = 65'536; }), with([](Options& o) { o.window = 0s; }),
        with([](Options& o) { o.window = milliseconds(uint64_t{1} << 32); })}) {
    EXPECT_THROW(SharedRateTable::Open(options), std::invalid_argument);
  }
}

}  // namespace
}  // namespace page_count
