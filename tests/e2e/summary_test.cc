#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "tests/e2e/clock.h"
#include "tests/e2e/service_test.h"

namespace page_count::e2e {

using Summary = ServiceTest;

TEST_F(Summary, HasTheShapeOfItsRow) {
  ASSERT_EQ(Visit(Page(), {"User-Agent: A/1"}).status, 200);
  const Json answer = GetJson("/summary?hours=24");
  EXPECT_EQ(answer.keys(), (std::vector<std::string>{"data", "total_entries", "date_range"}));
  EXPECT_EQ(answer["total_entries"].number(), StoredVisits());
  EXPECT_EQ(answer["date_range"].keys(), (std::vector<std::string>{"earliest", "latest"}));
  EXPECT_TRUE(IsTimeText(answer["date_range"]["earliest"].str(), 'T')) << answer["date_range"].text();
  EXPECT_TRUE(IsNow(answer["date_range"]["latest"].str())) << answer["date_range"].text();
  const Json page = answer["data"][Page()];
  EXPECT_EQ(page.keys(),
            (std::vector<std::string>{"total_visits", "unique_ips", "by_hour", "user_agents", "recent_visits"}));
  EXPECT_EQ(page["total_visits"].text(), "1");
  EXPECT_EQ(page["unique_ips"].text(), "1");
  EXPECT_EQ(page["user_agents"].text(), R"({"A/1":1})");
  EXPECT_EQ(page["recent_visits"].size(), 1U);
  const Json visit = page["recent_visits"][0];
  EXPECT_EQ(visit.keys(), (std::vector<std::string>{"ip", "user_agent", "timestamp"}));
  EXPECT_EQ(visit["ip"].str(), address());
  EXPECT_EQ(visit["user_agent"].str(), "A/1");
  EXPECT_TRUE(IsTimeText(visit["timestamp"].str(), 'T')) << visit.text();
  const auto hour = page["by_hour"].keys();
  ASSERT_EQ(hour.size(), 1U);
  EXPECT_EQ(hour[0], HourText(ParseTime(visit["timestamp"].str())));
  EXPECT_EQ(page["by_hour"][hour[0]].number(), 1);
}

TEST_F(Summary, CountsVisitsAndUniqueAddresses) {
  for (int i = 0; i < 3; ++i) ASSERT_EQ(Visit(Page()).status, 200);
  HttpClient other = ClientAt(OtherAddress());
  Send(other, {.method = "POST", .target = "/visit", .headers = kJsonBody, .body = VisitBody(Page())});
  const Json page = GetJson("/summary")["data"][Page()];
  EXPECT_EQ(page["total_visits"].number(), 4);
  EXPECT_EQ(page["unique_ips"].number(), 2);
}

TEST_F(Summary, PagesComeByVisitsThenByUrl) {
  RecordVisits(Page("c"), 40);
  RecordVisits(Page("z"), 42);
  RecordVisits(Page("a"), 40);
  RecordVisits(Page("b"), 41);
  const Json answer = GetJson("/summary");
  const auto keys = answer["data"].keys();
  const std::vector<std::string> first(keys.begin(), keys.begin() + std::min<long>(4, std::ssize(keys)));
  EXPECT_EQ(first, (std::vector<std::string>{Page("z"), Page("b"), Page("a"), Page("c")}));
  for (size_t i = 1; i < keys.size(); ++i) {
    const auto key = [&](size_t n) { return std::pair(-answer["data"][keys[n]]["total_visits"].number(), keys[n]); };
    EXPECT_LT(key(i - 1), key(i));
  }
}

TEST_F(Summary, LimitIsTheNumberOfPages) {
  RecordVisits(Page("a"), 61);
  RecordVisits(Page("b"), 60);
  EXPECT_EQ(GetJson("/summary?limit=1")["data"].keys(), std::vector<std::string>{Page("a")});
  EXPECT_EQ(GetJson("/summary?limit=2")["data"].keys(), (std::vector<std::string>{Page("a"), Page("b")}));
  const Json none = GetJson("/summary?limit=0");
  EXPECT_EQ(none["data"].text(), "{}");
  EXPECT_EQ(none["total_entries"].number(), StoredVisits());
  EXPECT_GE(GetJson("/summary")["data"].size(), 2U);
}

TEST_F(Summary, UserAgentsComeByCountThenByName) {
  RecordVisits(Page(), 2, "Zebra");
  RecordVisits(Page(), 1, "Beta");
  RecordVisits(Page(), 1, "Alpha");
  RecordVisits(Page(), 3, "Middle");
  EXPECT_EQ(GetJson("/summary")["data"][Page()]["user_agents"].text(), R"({"Middle":3,"Zebra":2,"Alpha":1,"Beta":1})");
}

TEST_F(Summary, RecentVisitsAreAtMostTenAUrlOfThe100NewestNewestFirst) {
  RecordVisits(Page("old"), 5);
  RecordVisits(Page("ten"), 12, "first");
  RecordVisits(Page("ten"), 1, "last");
  const Json ten = GetJson("/summary")["data"][Page("ten")]["recent_visits"];
  EXPECT_EQ(ten.size(), 10U);
  EXPECT_EQ(ten[0]["user_agent"].str(), "last");
  EXPECT_EQ(ten[9]["user_agent"].str(), "first");

  RecordVisits(Page("new"), 84);  // 3 + 13 + 84: three of the five are among the newest hundred
  const Json data = GetJson("/summary")["data"];
  EXPECT_EQ(data[Page("old")]["recent_visits"].size(), 3U);
  EXPECT_EQ(data[Page("new")]["recent_visits"].size(), 10U);
  RecordVisits(Page("new"), 3);
  const Json later = GetJson("/summary")["data"];
  EXPECT_EQ(later[Page("old")]["recent_visits"].text(), "[]");
  EXPECT_EQ(later[Page("old")]["total_visits"].number(), 5);
}

TEST_F(Summary, HoursIsAnIntegerFrom1To87600) {
  for (const char* good : {"1", "24", "87600"}) EXPECT_EQ(Get(std::string("/summary?hours=") + good).status, 200);
  for (const char* bad : {"0", "-1", "87601", "1e9", "1000000000", "99999999999999999999", "1.5", "abc", "0x10", "24h",
                          "%2024", "24%20", "%00", "NaN"}) {
    SCOPED_TRACE(bad);
    ExpectInvalid(Get(std::string("/summary?hours=") + bad), R"(["query","hours"])");
    ExpectInvalid(Get(std::string("/stats/https://e2e.example/?hours=") + bad), R"(["query","hours"])");
  }
}

TEST_F(Summary, LimitAndOffsetAreIntegersFrom0) {
  for (const char* target : {"/summary?limit=", "/stats?limit=", "/all-visits?limit=", "/all-visits?offset="}) {
    EXPECT_EQ(Get(std::string(target) + "0").status, 200);
    const std::string name = std::string(target).find("offset") == std::string::npos ? "limit" : "offset";
    for (const char* bad : {"-1", "x", "1.5", "1e3", "99999999999999999999999"}) {
      SCOPED_TRACE(std::string(target) + bad);
      ExpectInvalid(Get(std::string(target) + bad), R"(["query",")" + name + R"("])");
    }
  }
}

}  // namespace page_count::e2e
