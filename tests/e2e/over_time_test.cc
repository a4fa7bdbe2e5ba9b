#include <chrono>
#include <fstream>
#include <string>
#include <vector>

#include "tests/e2e/clock.h"
#include "tests/e2e/service_test.h"
#include "tests/e2e/stored_visits.h"

namespace page_count::e2e {
namespace {

using namespace std::chrono_literals;

// Visits of the past, brought in by `page-count import` as an operator would, while the service runs.
class OverTime : public ServiceTest {
 protected:
  struct PastVisit {
    std::string url;
    std::string ip;
    std::string user_agent;
    Clock::time_point time;
  };

  static void Import(const std::vector<PastVisit>& visits) {
    const std::string file = service().folder() + "/visits.csv";
    std::ofstream csv(file);
    csv << "url,ip,user_agent,timestamp\r\n";
    for (const auto& visit : visits) {
      csv << visit.url << "," << visit.ip << "," << visit.user_agent << "," << TimeText(visit.time) << "\r\n";
    }
    csv.close();
    service().RunProgram({"import", file, "--database", service().database()});
  }

  HttpResponse Cleanup(const std::string& query) {
    return Send({.method = "DELETE", .target = "/cleanup" + query, .headers = {}, .body = {}});
  }
};

using AnalyticsOverTime = OverTime;

TEST_F(AnalyticsOverTime, TotalsAreOverAllAndTheRestOverTheWindowToTheSecond) {
  const auto now = Clock::now();
  const std::string page = Page();
  Import({{page, "192.0.2.1", "Ancient", now - 24h * 400},
          {page, "192.0.2.2", "Before", now - 2h - 30s},
          {page, "192.0.2.3", "After", now - 2h + 30s},
          {page, "192.0.2.3", "Late", now - 5min}});
  const Json summary = GetJson("/summary?hours=2")["data"][page];
  EXPECT_EQ(summary["total_visits"].number(), 4);
  EXPECT_EQ(summary["unique_ips"].number(), 3);
  EXPECT_EQ(summary["user_agents"].text(), R"({"After":1,"Late":1})");
  ASSERT_EQ(summary["recent_visits"].size(), 2U);
  EXPECT_EQ(summary["recent_visits"][0]["user_agent"].str(), "Late");
  EXPECT_EQ(summary["recent_visits"][1]["timestamp"].str(), TimeText(now - 2h + 30s, 'T'));
  const Json stats = GetJson("/stats/" + page + "?hours=2");
  EXPECT_EQ(stats["total_visits"].number(), 4);
  EXPECT_EQ(stats["unique_ips"].number(), 3);
  EXPECT_EQ(stats["user_agents"].text(), R"({"After":1,"Late":1})");
  EXPECT_EQ(stats["recent_visits"].size(), 2U);
  for (const Json& hours : {summary["by_hour"], stats["hourly_visits"]}) {
    int64_t visits = 0;
    for (const std::string& hour : hours.keys()) visits += hours[hour].number();
    EXPECT_EQ(visits, 2) << hours.text();
  }
  EXPECT_EQ(GetJson("/stats/" + page + "?hours=3")["user_agents"].size(), 3U);
  EXPECT_EQ(GetJson("/stats/" + page + "?hours=87600")["user_agents"].size(), 4U);
  EXPECT_EQ(GetJson("/stats/" + page)["user_agents"].text(), R"({"After":1,"Before":1,"Late":1})");
}

TEST_F(AnalyticsOverTime, HoursComeAscendingEachWithItsVisitsOfTheWindow) {
  const auto now = Clock::now();
  const std::string page = Page();
  std::vector<PastVisit> visits;
  std::string expected;
  for (int hours = 30; hours >= 1; hours -= 4) {
    const auto time = now - std::chrono::hours(hours);
    for (int i = 0; i < hours; ++i) visits.push_back({page, "192.0.2.1", "a", time});
    if (hours < 24) expected += (expected.empty() ? "" : ",") + Quoted(HourText(time)) + ":" + std::to_string(hours);
  }
  Import(visits);
  EXPECT_EQ(GetJson("/summary?hours=24")["data"][page]["by_hour"].text(), "{" + expected + "}");
  EXPECT_EQ(GetJson("/stats/" + page + "?hours=24")["hourly_visits"].text(), "{" + expected + "}");
}

TEST_F(AnalyticsOverTime, TheDateRangeIsOfAllKeptVisits) {
  const auto oldest = Clock::now() - 24h * 3000;
  Import({{Page(), "192.0.2.1", "a", oldest}});
  ASSERT_EQ(Visit(Page()).status, 200);
  const Json range = GetJson("/summary?hours=1")["date_range"];
  EXPECT_EQ(range["earliest"].str(), TimeText(oldest, 'T'));
  EXPECT_TRUE(IsNow(range["latest"].str())) << range.text();
}

TEST_F(AnalyticsOverTime, BoundsAreExact) {
  const auto time = Clock::from_time_t(1600000000);  // 2020-09-13T12:26:40Z
  Import({{Page(), "192.0.2.1", "a", time}});
  const auto count = [&](const std::string& query) { return GetJson("/all-visits?" + query)["total_count"].str(); };
  const std::string at = TimeText(time, 'T');
  const std::string year = ",2021-01-01";
  EXPECT_EQ(count("range=" + at + year), "1") << "the start is inclusive";
  EXPECT_EQ(count("range=" + TimeText(time + 1s, 'T') + year), "0");
  EXPECT_EQ(count("range=" + at + ".001" + year), "0");
  EXPECT_EQ(count("range=2020-01-01," + at), "0") << "the end is exclusive";
  EXPECT_EQ(count("range=2020-01-01," + at + ".001"), "1");
  EXPECT_EQ(count("range=" + at + "," + at), "0");
  EXPECT_EQ(count("range=" + Encoded("2020-09-13T17:56:40+05:30") + "," + Encoded("2020-09-13T04:26:41-08:00")), "1");
  const std::string until = "&end_date=2020-12-31";
  EXPECT_EQ(count("since=" + at + until), "0") << "since is exclusive";
  EXPECT_EQ(count("since=" + TimeText(time - 1s, 'T') + ".999" + until), "1") << "to the millisecond";
  EXPECT_EQ(count("since=" + TimeText(time - 1s, 'T') + until), "1");
  EXPECT_EQ(count("start_date=2020-09-13&end_date=2020-09-13"), "1");
  EXPECT_EQ(count("start_date=2020-09-14&end_date=2020-09-20"), "0");
  EXPECT_EQ(count("start_date=2020-09-10&end_date=2020-09-12"), "0");
  EXPECT_EQ(count("start_date=2020-09-13T23:00:00&end_date=2020-09-13T01:00:00"), "1");
}

using CleanupAfterATime = OverTime;

// The clock was a day ahead, and is right again.
TEST_F(CleanupAfterATime, GivesNewVisitsTheClocksTimeAgain) {
  const auto timestamp_of_a_visit = [this](const char* page) {
    return Json::Parse(Visit(Page(page)).body)["timestamp"].str();
  };
  const auto stored_before = StoredVisits();
  EXPECT_TRUE(IsNow(timestamp_of_a_visit("right")));
  DatabaseFile(service().database())
      .Execute("insert into visit select max(id) + (86400000 << 20), page_id, agent_id, 0, ip from visit");
  EXPECT_TRUE(IsNow(TimeText(ParseTime(timestamp_of_a_visit("ahead")) - 24h))) << "time never goes back";
  EXPECT_EQ(StoredVisits(), stored_before + 3);

  const std::string until = TimeText(Clock::now() + 1h, 'T');
  service().RunProgram({"cleanup", "--after", until, "--database", service().database()});
  EXPECT_EQ(StoredVisits(), stored_before + 1);
  EXPECT_TRUE(IsNow(timestamp_of_a_visit("again")));
  EXPECT_EQ(GetJson("/stats/" + Page("ahead"))["total_visits"].number(), 0);
  EXPECT_EQ(GetJson("/?url=" + Encoded(Page("right")))["visits"].str(), "2");
  EXPECT_TRUE(IsNow(GetJson("/summary")["date_range"]["latest"].str()));
  service().RunProgram({"check", "--database", service().database()});
}

using CleanupOverTime = OverTime;

TEST_F(CleanupOverTime, RemovesFromEveryFigureUniquesIncluded) {
  const auto now = Clock::now();
  Import({{Page("gone"), "192.0.2.1", "old", now - 24h * 40},
          {Page("both"), "192.0.2.1", "old", now - 24h * 40},
          {Page("both"), "192.0.2.2", "old", now - 24h * 30 - 1min},
          {Page("both"), "192.0.2.3", "kept", now - 24h * 30 + 1min}});
  ASSERT_EQ(Visit(Page("both")).status, 200);
  EXPECT_EQ(GetJson("/stats/" + Page("both"))["unique_ips"].number(), 4);

  const Json answer = Json::Parse(Cleanup("?days=30").body);
  EXPECT_EQ(answer["deleted_visits"].number(), 3) << answer.text();
  const Json stats = GetJson("/stats");
  EXPECT_EQ(stats["total_visits"].str(), "2");
  EXPECT_EQ(stats["unique_visitors"].str(), "2");
  EXPECT_EQ(stats["popular_pages"].text(), "{" + Quoted(Page("both")) + ":\"2\"}");
  const Json summary = GetJson("/summary?hours=87600");
  EXPECT_EQ(summary["data"].keys(), std::vector<std::string>{Page("both")});
  EXPECT_EQ(summary["total_entries"].number(), 2);
  EXPECT_EQ(summary["data"][Page("both")]["unique_ips"].number(), 2);
  EXPECT_EQ(summary["date_range"]["earliest"].str(), TimeText(now - 24h * 30 + 1min, 'T'));
  const Json both = GetJson("/stats/" + Page("both") + "?hours=87600");
  EXPECT_EQ(both["total_visits"].number(), 2);
  EXPECT_EQ(both["unique_ips"].number(), 2);
  EXPECT_EQ(both["user_agents"].text(), R"({"kept":1,"unknown":1})");
  EXPECT_EQ(GetJson("/all-visits")["total_count"].str(), "2");
  EXPECT_EQ(GetJson("/?url=" + Encoded(Page("both")))["visits"].str(), "3");
  EXPECT_EQ(Json::Parse(Cleanup("?days=30").body)["deleted_visits"].number(), 0);
}

}  // namespace
}  // namespace page_count::e2e
