#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/unit/endpoint_fixture.h"

namespace page_count {
namespace {

std::string Text(const std::optional<UtcTime>& time) {
  if (!time) return "open";
  const std::string thousands = std::to_string(1000 + time->time_since_epoch().count() % 1000);
  return FormatSpaced(*time) + '.' + thousands.substr(1);
}

class AllVisitsParametersTest : public EndpointTest {
 protected:
  // The stretch of time that is scanned, or the status and where the problem lies.
  std::string Range(const std::string& query) {
    store_.scanned.reset();
    const Response response = Get("/all-visits", query);
    if (!store_.scanned) return Problem(response);
    return Text(store_.scanned->from) + " to " + Text(store_.scanned->before);
  }
  static std::string Problem(const Response& response) {
    const std::string before = R"({"detail":[{"loc":["query",")";
    if (!response.body.starts_with(before)) return std::to_string(response.status) + ' ' + response.body;
    const size_t end = response.body.find('"', before.size());
    return std::to_string(response.status) + ' ' + response.body.substr(before.size(), end - before.size());
  }
};

TEST_F(AllVisitsParametersTest, ScanAllWithoutAny) {
  EXPECT_EQ(Range(""), "open to open");
  EXPECT_EQ(store_.scanned->offset, 0);
  EXPECT_EQ(store_.scanned->limit, std::nullopt);
}

TEST_F(AllVisitsParametersTest, TakeWholeDays) {
  EXPECT_EQ(Range("start_date=2025-09-14"), "2025-09-14 00:00:00.000 to open");
  EXPECT_EQ(Range("end_date=2025-09-14"), "open to 2025-09-15 00:00:00.000");
  EXPECT_EQ(Range("start_date=2025-09-14T23:59:59&end_date=2025-09-14+00:00:01"),
            "2025-09-14 00:00:00.000 to 2025-09-15 00:00:00.000");
  EXPECT_EQ(Range("end_date=2024-02-29"), "open to 2024-03-01 00:00:00.000");
}

TEST_F(AllVisitsParametersTest, TakeTheDayAsItIsWritten) {
  EXPECT_EQ(Range("start_date=2025-09-14T00:00:00%2B02:00"), "2025-09-14 00:00:00.000 to open");
  EXPECT_EQ(Range("start_date=2025-09-14T00:00:00+02:00"), "2025-09-14 00:00:00.000 to open");
  EXPECT_EQ(Range("start_date=2025-09-14+23:59:59.999-08:00&end_date=2025/09/14+00:00%2B14:00"),
            "2025-09-14 00:00:00.000 to 2025-09-15 00:00:00.000");
  EXPECT_EQ(Range("end_date=9999-12-31T23:59:59-02:00").substr(0, 8), "open to ");
  EXPECT_EQ(Range("start_date=1970-01-01T00:00:00%2B02:00&end_date=9999-12-30T23:59:59-23:00"),
            "1970-01-01 00:00:00.000 to 9999-12-31 00:00:00.000");
}

TEST_F(AllVisitsParametersTest, TakeTheRangeFromItsStartToBeforeItsEnd) {
  EXPECT_EQ(Range("range=2025-09-14,2025-09-15+10:30:00.5"), "2025-09-14 00:00:00.000 to 2025-09-15 10:30:00.500");
  EXPECT_EQ(Range("range=2025-09-14T00:00Z%2C2025-09-14T05:30%2B05:30"),
            "2025-09-14 00:00:00.000 to 2025-09-14 00:00:00.000");
  EXPECT_EQ(Range("range=2025-09-15,2025-09-14"), "2025-09-15 00:00:00.000 to 2025-09-14 00:00:00.000");
}

TEST_F(AllVisitsParametersTest, LetTheRangeWin) {
  EXPECT_EQ(Range("range=2025-09-14,2025-09-15&start_date=2024-01-01&end_date=2024-01-02&since=2026-01-01"),
            "2025-09-14 00:00:00.000 to 2025-09-15 00:00:00.000");
}

TEST_F(AllVisitsParametersTest, TakeSinceToTheNextMillisecond) {
  EXPECT_EQ(Range("since=2025-09-14+10:30:00"), "2025-09-14 10:30:00.001 to open");
  EXPECT_EQ(Range("since=2025-09-14+10:30:00.999"), "2025-09-14 10:30:01.000 to open");
}

TEST_F(AllVisitsParametersTest, JoinSinceAndDays) {
  EXPECT_EQ(Range("since=2025-09-14+10:30:00&start_date=2025-09-14&end_date=2025-09-14"),
            "2025-09-14 10:30:00.001 to 2025-09-15 00:00:00.000");
  EXPECT_EQ(Range("since=2025-09-13+10:30:00&start_date=2025-09-14"), "2025-09-14 00:00:00.000 to open");
}

TEST_F(AllVisitsParametersTest, LimitAndSkip) {
  EXPECT_EQ(Range("limit=10&offset=20"), "open to open");
  EXPECT_EQ(store_.scanned->limit, 10);
  EXPECT_EQ(store_.scanned->offset, 20);
  EXPECT_EQ(Range("limit=0&range=2025-09-14,2025-09-15&offset=9007199254740991"),
            "2025-09-14 00:00:00.000 to 2025-09-15 00:00:00.000");
  EXPECT_EQ(store_.scanned->limit, 0);
  EXPECT_EQ(store_.scanned->offset, 9'007'199'254'740'991);
}

TEST_F(AllVisitsParametersTest, AreRefusedByName) {
  for (const char* name :
       {"range", "start_date", "end_date", "since", "limit", "offset", "after", "fields", "format"}) {
    for (const char* value : {"", "x", "2025-02-30", "-1", "2025-09-14+24:00:00", "%00", "'+or+1=1--"}) {
      EXPECT_EQ(Range(std::string(name) + '=' + value), "422 " + std::string(name)) << name << '=' << value;
    }
  }
  for (const char* range : {"2025-09-14", ",", "2025-09-14,", ",2025-09-14", "2025-09-14,2025-09-15,2025-09-16"}) {
    EXPECT_EQ(Range("range=" + std::string(range)), "422 range") << range;
  }
}

TEST_F(AllVisitsParametersTest, GoOnAfterAVisitWithALinkToTheNextOnes) {
  store_.end = 1'845'108'080'808'000'001;
  const Response response = Get("/all-visits", "limit=5&after=9223372036854775806&fields=id&since=2025-09-14");
  EXPECT_EQ(response.body, R"({"visits":[],"total_count":"0","next":"1845108080808000001"})");
  EXPECT_EQ(Header(response, "Link"), R"(<?after=1845108080808000001&limit=5&fields=id&since=2025-09-14>; rel="next")");
  EXPECT_EQ(store_.end_found_of->after, 9'223'372'036'854'775'806);
  EXPECT_EQ(store_.end_found_of->limit, 5);
  EXPECT_EQ(Text(store_.end_found_of->from), "2025-09-14 00:00:00.001");
  EXPECT_EQ(Header(Get("/all-visits", "limit=5"), "Link"), "none");
  EXPECT_EQ(Header(Get("/all-visits", "after=0&x=" + std::string(3'000, 'x')), "Link"), "none");
}

TEST_F(AllVisitsParametersTest, SkipNothingAfterAVisit) {
  EXPECT_EQ(Range("after=1&offset=1"), "422 offset");
  EXPECT_EQ(Range("after=1&offset=0"), "open to open");
  EXPECT_EQ(Range("after=9223372036854775807"), "422 after");
}

TEST_F(AllVisitsParametersTest, NameTheFields) {
  EXPECT_EQ(Get("/all-visits", "format=csv&fields=bot,url").body, "bot,url\r\n");
  EXPECT_EQ(store_.scanned->attributes, std::vector<Dimension>{Dimension::kBot});
  const Response refused = Get("/all-visits", "fields=url,heading");
  EXPECT_EQ(Problem(refused), "422 fields");
  EXPECT_NE(refused.body.find("'referrer', 'title', 'country', 'browser', 'system' or 'bot'"), std::string::npos)
      << refused.body;
}

TEST_F(AllVisitsParametersTest, ChooseTheFormat) {
  EXPECT_EQ(Get("/all-visits").content_type, "application/json");
  EXPECT_EQ(Get("/all-visits", "format=json").body, R"({"visits":[],"total_count":"0"})");
  EXPECT_EQ(Get("/all-visits", "format=jsonl").content_type, "application/jsonl");
  EXPECT_EQ(Get("/all-visits", "format=csv").body, "url,ip,user_agent,timestamp\r\n");
}

}  // namespace
}  // namespace page_count
