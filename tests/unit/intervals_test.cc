#include "worker/visits/intervals.h"

#include <gtest/gtest.h>

namespace page_count {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

UtcTime At(const char* text) { return *ParseUtcTime(text); }

TEST(Intervals, AreHoursUnlessSaidOtherwise) {
  const Intervals hourly;
  EXPECT_EQ(hourly.StartOf(hourly.IndexOf(At("2026-03-01 12:59:59.999"))), At("2026-03-01 12:00:00"));
  EXPECT_EQ(hourly.IndexOf(At("2026-03-01 13:00:00")), hourly.IndexOf(At("2026-03-01 12:59:59.999")) + 1);
}

TEST(Intervals, OfOneLengthBeginBeforeTheirStartToo) {
  const Intervals weeks = Intervals::Every(hours(7 * 24), At("2026-03-02"));  // a Monday
  EXPECT_EQ(weeks.IndexOf(At("2026-03-02")), 0);
  EXPECT_EQ(weeks.IndexOf(At("2026-03-01 23:59:59.999")), -1);
  EXPECT_EQ(weeks.IndexOf(At("2026-02-23")), -1);
  EXPECT_EQ(weeks.IndexOf(At("2026-02-22 23:59:59.999")), -2);
  EXPECT_EQ(weeks.StartOf(-1), At("2026-02-23"));
}

TEST(Intervals, BetweenInstantsMayDifferInLength) {
  // A day of 23 hours between two of 24, as in March in Berlin.
  const std::vector<UtcTime> edges = {At("2026-03-27 23:00:00"), At("2026-03-28 23:00:00"), At("2026-03-29 22:00:00"),
                                      At("2026-03-30 22:00:00")};
  const Intervals days = Intervals::Between(edges);
  EXPECT_EQ(days.IndexOf(edges[1] - milliseconds(1)), 0);
  EXPECT_EQ(days.IndexOf(edges[1]), 1);
  EXPECT_EQ(days.IndexOf(edges[2] - milliseconds(1)), 1);
  EXPECT_EQ(days.IndexOf(edges[2]), 2);
  EXPECT_EQ(days.StartOf(2), edges[2]);
  EXPECT_EQ(days.IndexOf(edges[0] - milliseconds(1)), -1) << "in none";
}

}  // namespace
}  // namespace page_count
