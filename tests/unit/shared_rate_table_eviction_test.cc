// Which keys a table without room lets go.
#include <gtest/gtest.h>

#include <string>

#include "tests/unit/rate_table_fixture.h"
#include "worker/limit/shared_rate_table.h"

namespace page_count {
namespace {

using namespace std::chrono_literals;

using SharedRateTableEvictionTest = RateTableTest;

TEST_F(SharedRateTableEvictionTest, AFullBucketLetsTheKeyGoThatIsIdleLongestAndCountsIt) {
  auto table = Open();
  for (int i = 0; i < 16; ++i) {
    ASSERT_TRUE(Admit(*table, KeyOf(std::to_string(i)), 2).admitted);
    Advance(1s);
  }
  ASSERT_TRUE(Admit(*table, KeyOf("0"), 2).admitted);  // so key 1 is idle longest
  ASSERT_TRUE(Admit(*table, KeyOf("new"), 1).admitted);
  EXPECT_EQ(table->live_evictions(), 1U);
  EXPECT_FALSE(Admit(*table, KeyOf("0"), 2).admitted);
  for (int i = 2; i < 16; ++i) EXPECT_FALSE(Admit(*table, KeyOf(std::to_string(i)), 1).admitted) << i;
  EXPECT_FALSE(Admit(*table, KeyOf("new"), 1).admitted);
  EXPECT_TRUE(Admit(*table, KeyOf("1"), 1).admitted);  // gone, and makes key 2 go
  EXPECT_EQ(table->live_evictions(), 2U);
}

TEST_F(SharedRateTableEvictionTest, AKeyWithoutVisitsInItsWindowGoesUncounted) {
  auto table = Open();
  ASSERT_TRUE(Admit(*table, KeyOf("old"), 1).admitted);
  Advance(60s);
  for (int i = 0; i < 16; ++i) ASSERT_TRUE(Admit(*table, KeyOf(std::to_string(i)), 1).admitted);
  EXPECT_EQ(table->live_evictions(), 0U);
  for (int i = 0; i < 16; ++i) EXPECT_FALSE(Admit(*table, KeyOf(std::to_string(i)), 1).admitted) << i;
}

TEST_F(SharedRateTableEvictionTest, ARefundedKeyMakesRoomFirst) {
  auto table = Open();
  for (int i = 0; i < 16; ++i) ASSERT_TRUE(Admit(*table, KeyOf(std::to_string(i)), 1).admitted);
  Refund(*table, KeyOf("7"));
  ASSERT_TRUE(Admit(*table, KeyOf("new"), 1).admitted);
  EXPECT_EQ(table->live_evictions(), 0U);
}

TEST_F(SharedRateTableEvictionTest, ARefundedVisitDoesNotKeepItsKeyFromBeingIdleLongest) {
  auto table = Open();
  for (int i = 0; i < 16; ++i) {
    ASSERT_TRUE(Admit(*table, KeyOf(std::to_string(i)), 1).admitted);
    Advance(1s);
  }
  ASSERT_TRUE(Admit(*table, KeyOf("0"), 2).admitted);
  Refund(*table, KeyOf("0"));
  ASSERT_TRUE(Admit(*table, KeyOf("new"), 1).admitted);
  EXPECT_TRUE(Admit(*table, KeyOf("0"), 1).admitted);
}

TEST_F(SharedRateTableEvictionTest, AKeyThatIsRefusedStaysSoThroughAFloodOfOthers) {
  options_.keys = 65'536;
  auto table = Open();
  ASSERT_EQ(AdmitAll(*table, kKey, 10), 10);
  for (int i = 0; i < 400'000; ++i) {
    if (i % 13'334 == 0) Advance(1s);
    ASSERT_TRUE(Admit(*table, KeyOf("flood " + std::to_string(i)), 1).admitted);
    if (i % 100'000 == 0) {
      ASSERT_FALSE(Admit(*table, kKey, 10).admitted) << "after " << i << " other keys";
    }
  }
  EXPECT_FALSE(Admit(*table, kKey, 10).admitted);
}

TEST_F(SharedRateTableEvictionTest, AKeyThatIsRefusedStaysSoWhereOneVisitIsTheLimit) {
  auto table = Open();
  ASSERT_TRUE(Admit(*table, kKey, 1).admitted);
  Advance(1s);
  ASSERT_FALSE(Admit(*table, kKey, 1).admitted);
  for (int i = 0; i < 1000; ++i) {
    Advance(1ms);
    ASSERT_TRUE(Admit(*table, KeyOf(std::to_string(i)), 1).admitted);
  }
  EXPECT_FALSE(Admit(*table, kKey, 1).admitted);
}

TEST_F(SharedRateTableEvictionTest, AKeyThatIsStillBeingAdmittedOutlivesAFloodOfOthers) {
  auto table = Open();
  for (int i = 0; i < 10; ++i) {
    ASSERT_TRUE(Admit(*table, kKey, 10).admitted);
    for (int other = 0; other < 100 && i > 0; ++other) {
      Advance(10ms);
      ASSERT_TRUE(Admit(*table, KeyOf(std::to_string(i) + "-" + std::to_string(other)), 1).admitted);
    }
  }
  EXPECT_FALSE(Admit(*table, kKey, 10).admitted);
}

TEST_F(SharedRateTableEvictionTest, OfKeysWithAsManyVisitsTheOneTriedLongestAgoGoes) {
  auto table = Open();
  for (int i = 0; i < 16; ++i) {
    ASSERT_TRUE(Admit(*table, KeyOf(std::to_string(i)), 1).admitted);
    Advance(1s);
  }
  for (int i = 0; i < 16; ++i) {
    if (i != 5) {
      ASSERT_FALSE(Admit(*table, KeyOf(std::to_string(i)), 1).admitted);
    }
  }
  ASSERT_TRUE(Admit(*table, KeyOf("new"), 1).admitted);  // 5 goes: it alone was not tried again
  for (int i = 0; i < 16; ++i) {
    if (i != 5) {
      EXPECT_FALSE(Admit(*table, KeyOf(std::to_string(i)), 1).admitted) << i;
    }
  }
  ASSERT_FALSE(Admit(*table, KeyOf("new"), 1).admitted);
  Advance(1s);
  for (int i = 15; i >= 0; --i) {
    if (i != 5) {
      ASSERT_FALSE(Admit(*table, KeyOf(std::to_string(i)), 1).admitted);
    }
  }
  ASSERT_TRUE(Admit(*table, KeyOf("newer"), 1).admitted);  // all were tried again, "new" longest ago
  EXPECT_TRUE(Admit(*table, KeyOf("new"), 1).admitted);
}

TEST_F(SharedRateTableEvictionTest, AKeyOfExpiredVisitsGoesBeforeAnyWithALiveOne) {
  auto table = Open();
  ASSERT_EQ(AdmitAll(*table, KeyOf("expired"), 10), 10);
  Advance(30s);
  ASSERT_FALSE(Admit(*table, KeyOf("expired"), 10).admitted);
  Advance(30s);
  for (int i = 0; i < 15; ++i) ASSERT_TRUE(Admit(*table, KeyOf(std::to_string(i)), 1).admitted);
  ASSERT_TRUE(Admit(*table, KeyOf("new"), 1).admitted);
  EXPECT_EQ(table->live_evictions(), 0U);
  // What the key before was refused is not counted for the one that has its entry now.
  Advance(1s);
  ASSERT_FALSE(Admit(*table, KeyOf("0"), 1).admitted);
  for (int i = 1; i < 15; ++i) ASSERT_FALSE(Admit(*table, KeyOf(std::to_string(i)), 1).admitted);
  ASSERT_TRUE(Admit(*table, KeyOf("newer"), 1).admitted);
  EXPECT_TRUE(Admit(*table, KeyOf("new"), 1).admitted);
}

TEST_F(SharedRateTableEvictionTest, AFullTableGoesOnDeciding) {
  options_.keys = 1000;
  auto table = Open();
  for (int i = 0; i < 20'000; ++i) ASSERT_TRUE(Admit(*table, KeyOf(std::to_string(i)), 1).admitted);
  EXPECT_GE(table->live_evictions(), 18'992U);  // 63 buckets of 16
  EXPECT_EQ(AdmitAll(*table, kKey, 10), 10);
}

}  // namespace
}  // namespace page_count
