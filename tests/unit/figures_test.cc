#include "worker/endpoints/figures.h"

#include <gtest/gtest.h>

#include <string>

namespace page_count {
namespace {

using std::chrono::milliseconds;

std::string Written(const auto&... values) {
  JsonWriter json;
  json.StartObject();
  WriteMember(json, "x", values...);
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
  const int64_t hour = 488'193;  // 2025-09-10 09:00:00
  const Figures figures{{Dimension::kPage, Dimension::kInterval}, {{{0, hour}, 2}, {{0, hour + 15}, 1}}, nullptr};
  EXPECT_EQ(Written(figures, figures.rows), R"({"x":{"2025-09-10 09:00:00":2,"2025-09-11 00:00:00":1}})");
  EXPECT_EQ(Written(figures, std::span<const Figures::Row>()), R"({"x":{}})");
}

TEST(FiguresTest, WritesUserAgentsInTheOrderGiven) {
  const auto texts = std::make_shared<Texts>(Texts{{{}, {}, {"a", "z \"quoted\""}}});
  const Figures figures{{Dimension::kAgent}, {{{1}, 3}, {{0}, 3}}, texts};
  EXPECT_EQ(Written(figures, figures.rows), R"({"x":{"z \"quoted\"":3,"a":3}})");
}

TEST(FiguresTest, WritesVisitsWithoutTheirUrl) {
  const std::vector<LoggedVisit> visits = {{"https://h/", "192.0.2.1", "agent", UtcTime(milliseconds(1'999))}};
  EXPECT_EQ(Written(std::span<const LoggedVisit>(visits)),
            R"({"x":[{"ip":"192.0.2.1","user_agent":"agent","timestamp":"1970-01-01T00:00:01"}]})");
}

}  // namespace
}  // namespace page_count
