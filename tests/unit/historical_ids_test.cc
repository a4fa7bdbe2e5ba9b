#include "worker/store/sqlite/tools/historical_ids.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace page_count {
namespace {

using std::chrono::milliseconds;

using Ids = std::vector<VisitId>;

constexpr int64_t kIdsAMillisecond = 1 << 20;
const UtcTime kTime = *ParseUtcTime("2020-02-29 12:00:00.500");
const VisitId kFirst = FirstIdAt(kTime);
const VisitId kEnd = FirstIdAt(kTime + milliseconds(1));

Ids Allocate(const std::vector<UtcTime>& times, VisitOrder order, const Ids& taken = {}) {
  return AllocateHistoricalIds(times, order, taken);
}

TEST(HistoricalIdsTest, OfOneTimeKeepTheListsOrder) {
  const UtcTime later = kTime + milliseconds(3);
  EXPECT_EQ(Allocate({kTime, kTime, later, kTime}, VisitOrder::kOldestFirst),
            (Ids{kFirst, kFirst + 1, FirstIdAt(later), kFirst + 2}));
  EXPECT_EQ(Allocate({kTime, kTime, later, kTime}, VisitOrder::kNewestFirst),
            (Ids{kEnd - 1, kEnd - 2, FirstIdAt(later + milliseconds(1)) - 1, kEnd - 3}));
  EXPECT_EQ(Allocate({}, VisitOrder::kOldestFirst), Ids());
}

TEST(HistoricalIdsTest, OfAFurtherChunkFollowThoseOfTheOneBefore) {
  EXPECT_EQ(Allocate({kTime, kTime}, VisitOrder::kOldestFirst, {kFirst, kFirst + 1}), (Ids{kFirst + 2, kFirst + 3}));
  EXPECT_EQ(Allocate({kTime, kTime}, VisitOrder::kNewestFirst, {kEnd - 2, kEnd - 1}), (Ids{kEnd - 3, kEnd - 4}));
}

TEST(HistoricalIdsTest, AreNotKeptBackByThoseOfOtherTimes) {
  const Ids others = {kFirst - 1, kEnd, kEnd + kIdsAMillisecond};
  EXPECT_EQ(Allocate({kTime}, VisitOrder::kOldestFirst, others), Ids{kFirst});
  EXPECT_EQ(Allocate({kTime}, VisitOrder::kNewestFirst, others), Ids{kEnd - 1});
}

TEST(HistoricalIdsTest, OfAFullMillisecondGoToTheNextOneThatHasRoom) {
  EXPECT_EQ(Allocate({kTime, kTime}, VisitOrder::kOldestFirst, {kEnd - 2}), (Ids{kEnd - 1, kEnd}));
  EXPECT_EQ(Allocate({kTime, kTime}, VisitOrder::kOldestFirst, {kEnd - 1, kEnd + 4}), (Ids{kEnd + 5, kEnd + 6}));
  EXPECT_EQ(Allocate({kTime, kTime}, VisitOrder::kNewestFirst, {kFirst + 1}),
            (Ids{kFirst, kEnd + kIdsAMillisecond - 1}));
}

TEST(HistoricalIdsTest, OfMoreVisitsThanAMillisecondHasRoomForAreDistinctAndInOrder) {
  const std::vector<UtcTime> times(kIdsAMillisecond + 3, kTime);
  const Ids ids = Allocate(times, VisitOrder::kOldestFirst);
  EXPECT_TRUE(std::is_sorted(ids.begin(), ids.end(), std::less_equal()));
  EXPECT_EQ(ids.front(), kFirst);
  EXPECT_EQ(ids.back(), kEnd + 2);
}

TEST(HistoricalIdsTest, OfTheEpochAreNotThatOfNoVisit) {
  EXPECT_EQ(Allocate({UtcTime(), UtcTime()}, VisitOrder::kOldestFirst), (Ids{kNoVisit + 1, kNoVisit + 2}));
  EXPECT_EQ(Allocate({UtcTime()}, VisitOrder::kNewestFirst, {1}), Ids{2 * kIdsAMillisecond - 1});
}

}  // namespace
}  // namespace page_count
