#include "worker/endpoints/figures.h"

#include <gtest/gtest.h>

#include <string>

namespace page_count {
namespace {

using std::chrono::milliseconds;

template <typename Figures>
std::string Written(const Figures& figures) {
  JsonWriter json;
  json.StartObject();
  WriteMember(json, "x", figures);
  json.EndObject();
  return json.Take();
}

TEST(FiguresTest, SeparatesThousands) {
  EXPECT_EQ(WithSeparators(0), "0");
  EXPECT_EQ(WithSeparators(7), "7");
  EXPECT_EQ(WithSeparators(999), "999");
  EXPECT_EQ(WithSeparators(1'000), "1,000");
  EXPECT_EQ(WithSeparators(12'345), "12,345");
  EXPECT_EQ(WithSeparators(123'456), "123,456");
  EXPECT_EQ(WithSeparators(1'234'567), "1,234,567");
  EXPECT_EQ(WithSeparators(INT64_MAX), "9,223,372,036,854,775,807");
}

TEST(FiguresTest, WritesHoursByTheirStart) {
  const UtcTime hour(std::chrono::sys_days(std::chrono::year(2025) / 9 / 14) + std::chrono::hours(9));
  EXPECT_EQ(Written(HourCounts{{hour, 2}, {hour + std::chrono::hours(15), 1}}),
            R"({"x":{"2025-09-14 09:00:00":2,"2025-09-15 00:00:00":1}})");
  EXPECT_EQ(Written(HourCounts{}), R"({"x":{}})");
}

TEST(FiguresTest, WritesUserAgentsInTheOrderGiven) {
  EXPECT_EQ(Written(AgentCountList{{"z \"quoted\"", 3}, {"a", 3}}), R"({"x":{"z \"quoted\"":3,"a":3}})");
}

TEST(FiguresTest, WritesVisitsWithoutTheirUrl) {
  const std::vector<LoggedVisit> visits = {{"https://h/", "192.0.2.1", "agent", UtcTime(milliseconds(1'999))}};
  EXPECT_EQ(Written(std::span<const LoggedVisit>(visits)),
            R"({"x":[{"ip":"192.0.2.1","user_agent":"agent","timestamp":"1970-01-01T00:00:01"}]})");
}

}  // namespace
}  // namespace page_count
