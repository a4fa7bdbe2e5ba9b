#include <string>
#include <utility>
#include <vector>

#include "tests/e2e/clock.h"
#include "tests/e2e/service_test.h"

namespace page_count::e2e {
namespace {

using Stats = ServiceTest;

TEST_F(Stats, HasTheShapeOfItsRow) {
  ASSERT_EQ(Visit(Page()).status, 200);
  const Json answer = GetJson("/stats");
  EXPECT_EQ(answer.keys(),
            (std::vector<std::string>{"total_visits", "unique_visitors", "popular_pages", "recent_visits"}));
  EXPECT_TRUE(answer["total_visits"].IsString());
  EXPECT_TRUE(answer["unique_visitors"].IsString());
  EXPECT_TRUE(answer["popular_pages"][Page()].IsString());
  const Json visit = answer["recent_visits"][0];
  EXPECT_EQ(visit.keys(), (std::vector<std::string>{"url", "ip", "timestamp"}));
  EXPECT_EQ(visit["url"].str(), Page());
  EXPECT_EQ(visit["ip"].str(), address());
  EXPECT_TRUE(IsTimeText(visit["timestamp"].str(), ' ')) << visit.text();
  EXPECT_TRUE(IsNow(visit["timestamp"].str())) << visit.text();
}

TEST_F(Stats, CountsAreStringsWithSeparatorsAndPagesComeByVisits) {
  RecordVisits(Page("b"), 1000);
  RecordVisits(Page("a"), 1000);
  RecordVisits(Page("most"), 1001);
  const Json answer = GetJson("/stats");
  const auto pages = answer["popular_pages"].keys();
  ASSERT_GE(pages.size(), 3U);
  EXPECT_EQ(std::vector<std::string>(pages.begin(), pages.begin() + 3),
            (std::vector<std::string>{Page("most"), Page("a"), Page("b")}));
  EXPECT_EQ(answer["popular_pages"][Page("most")].str(), "1,001");
  EXPECT_EQ(answer["popular_pages"][Page("a")].str(), "1,000");
  EXPECT_EQ(answer["total_visits"].str().substr(0, 2), "3,") << answer["total_visits"].str();
  EXPECT_GE(std::stoi(answer["unique_visitors"].str()), 151);
}

TEST_F(Stats, UniqueVisitorsAreAddressesOverAllPages) {
  const auto before = std::stoi(GetJson("/stats")["unique_visitors"].str());
  ASSERT_EQ(Visit(Page("a")).status, 200);
  ASSERT_EQ(Visit(Page("b")).status, 200);
  EXPECT_EQ(std::stoi(GetJson("/stats")["unique_visitors"].str()), before + 1);
}

TEST_F(Stats, LimitIsTheNumberOfPagesBeing100) {
  for (int chunk = 0; chunk < 2; ++chunk) {
    std::string pages = "[";
    for (int i = 0; i < 60; ++i) pages += (i == 0 ? "" : ",") + VisitBody(Page(std::to_string(chunk * 60 + i)));
    ASSERT_EQ(Post("/bulk-visits", pages + "]").status, 200);
  }
  EXPECT_EQ(GetJson("/stats")["popular_pages"].size(), 100U);
  EXPECT_EQ(GetJson("/stats?limit=3")["popular_pages"].size(), 3U);
  EXPECT_EQ(GetJson("/stats?limit=0")["popular_pages"].text(), "{}");
  EXPECT_GE(GetJson("/stats?limit=1000")["popular_pages"].size(), 120U);
}

TEST_F(Stats, RecentVisitsAreTheTenNewestNewestFirst) {
  for (int i = 0; i < 12; ++i) ASSERT_EQ(Visit(Page(std::to_string(i))).status, 200);
  const Json recent = GetJson("/stats")["recent_visits"];
  ASSERT_EQ(recent.size(), 10U);
  for (size_t i = 0; i < 10; ++i) EXPECT_EQ(recent[i]["url"].str(), Page(std::to_string(11 - i)));
}

using PageStats = ServiceTest;

TEST_F(PageStats, HasTheShapeOfItsRow) {
  ASSERT_EQ(Visit(Page(), {"User-Agent: A/1"}).status, 200);
  HttpClient other = ClientAt(OtherAddress());
  Send(other, {.method = "POST", .target = "/visit", .headers = kJsonBody, .body = VisitBody(Page())});
  const Json answer = GetJson("/stats/" + Page() + "?hours=24");
  EXPECT_EQ(answer.keys(), (std::vector<std::string>{"url", "total_visits", "unique_ips", "hourly_visits",
                                                     "user_agents", "recent_visits"}));
  EXPECT_EQ(answer["url"].str(), Page());
  EXPECT_EQ(answer["total_visits"].text(), "2");
  EXPECT_EQ(answer["unique_ips"].text(), "2");
  EXPECT_EQ(answer["user_agents"].text(), R"({"A/1":1,"unknown":1})");
  int64_t hourly = 0;
  for (const std::string& hour : answer["hourly_visits"].keys()) {
    EXPECT_EQ(hour.substr(13), ":00:00");
    EXPECT_TRUE(IsTimeText(hour, ' ')) << hour;
    hourly += answer["hourly_visits"][hour].number();
  }
  EXPECT_EQ(hourly, 2);
  const Json visit = answer["recent_visits"][1];
  EXPECT_EQ(visit.keys(), (std::vector<std::string>{"ip", "user_agent", "timestamp"}));
  EXPECT_EQ(visit["ip"].str(), address());
  EXPECT_TRUE(IsTimeText(visit["timestamp"].str(), 'T')) << visit.text();
}

TEST_F(PageStats, RecentVisitsAreThe20NewestNewestFirst) {
  RecordVisits(Page(), 1, "oldest");
  RecordVisits(Page(), 23);
  RecordVisits(Page(), 1, "newest");
  const Json answer = GetJson("/stats/" + Page());
  EXPECT_EQ(answer["total_visits"].number(), 25);
  EXPECT_EQ(answer["recent_visits"].size(), 20U);
  EXPECT_EQ(answer["recent_visits"][0]["user_agent"].str(), "newest");
  EXPECT_EQ(answer["recent_visits"][19]["user_agent"].str(), "e2e");
}

TEST_F(PageStats, AnUnknownUrlAnswersZeros) {
  EXPECT_EQ(GetJson("/stats/" + Page()).text(),
            R"({"url":")" + Page() +
                R"(","total_visits":0,"unique_ips":0,"hourly_visits":{},"user_agents":{},"recent_visits":[]})");
}

TEST_F(PageStats, ABadUrlIs400) {
  for (const char* target :
       {"/stats/", "/stats/not-a-url", "/stats/ftp://h/", "/stats/https%3A%2F%2F", "/stats/https://",
        "/stats/https://u@h/", "/stats/https://h/%", "/stats/https%3A%2F%2Fh%25%2F", "/stats/%", "/stats/?hours=24",
        "/stats/http%25%33A//h/"}) {
    SCOPED_TRACE(target);
    ExpectError(Get(target), 400);
  }
  for (const char* target : {"/stats/", "/stats/not-a-url", "/stats/ftp://h/", "/stats/https://u@h/"}) {
    ExpectError(Get(target), 400, "Invalid URL format");
  }
}

TEST_F(PageStats, TheUrlReachesTheWorkerUnmangledInBothSpellings) {
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"https://example.com/a//b", "/stats/https://example.com/a//b"},
      {"https://example.com/a//b?x=1", "/stats/https%3A%2F%2Fexample.com%2Fa%2F%2Fb%3Fx%3D1"},
      {"https://site.com/a%20b", "/stats/https://site.com/a%20b"},
      {"https://site.com/a%20c", "/stats/https%3A%2F%2Fsite.com%2Fa%2520c"},
      {"https://site.com/a?b=1", "/stats/https%3A%2F%2Fsite.com%2Fa%3Fb%3D1"},
      {"https://site.com/a%3Fb", "/stats/https://site.com/a%3Fb"},
      {"https://site.com/a%2Fb", "/stats/https://site.com/a%2Fb"},
      {"https://site.com/upper", "/stats/HTTPS://site.com/upper"},
      {"http://site.com/mixed", "/stats/hTTp://site.com/mixed"},
      {"https://site.com/plus+plus", "/stats/https://site.com/plus+plus"},
      {"https://site.com/plus+encoded", "/stats/https%3A%2F%2Fsite.com%2Fplus%2Bencoded"},
      {"https://site.com/plus+raw", "/stats/https%3A%2F%2Fsite.com%2Fplus+raw"},
      {"https://site.com/end//", "/stats/https://site.com/end//"},
      {"https://site.com/caf%C3%A9", "/stats/https://site.com/caf%C3%A9"},
      {"https://site.com/", "/stats/https://site.com"},
      {"https://site.com/", "/stats/https%3A%2F%2Fsite.com"},
      {"https://site.com/a?", "/stats/https%3A%2F%2Fsite.com%2Fa%3F"},
      {"https://site.com/f", "/stats/https%3A%2F%2Fsite.com%2Ff%23part"}};
  for (const auto& [stored, target] : rows) {
    SCOPED_TRACE(target);
    const auto before = GetJson(target)["total_visits"].number();
    ASSERT_EQ(Visit(stored).status, 200);
    const Json answer = GetJson(target);
    EXPECT_EQ(answer["url"].str(), stored);
    EXPECT_EQ(answer["total_visits"].number(), before + 1);
    EXPECT_EQ(GetJson(target + "?hours=1")["total_visits"].number(), before + 1);
  }
}

TEST_F(PageStats, TheSlashThatWasMergedOnTheWayIsMissedByNobody) {
  ASSERT_EQ(Visit("https://merged.example/a//b?c=1").status, 200);
  ASSERT_EQ(Visit("https://merged.example/a//b").status, 200);
  ASSERT_EQ(Visit("http://merged.example/").status, 200);
  for (const auto& [target, stored] : std::vector<std::pair<std::string, std::string>>{
           {"/stats/https:/merged.example/a//b", "https://merged.example/a//b"},
           {"/stats/HTTPS:/Merged.example:443/a//b?hours=1", "https://merged.example/a//b"},
           {"/stats/hTTp:/merged.example", "http://merged.example/"},
           {"/stats/https%3A/merged.example/a//b%3Fc=1", "https://merged.example/a//b?c=1"},
           {"/stats/HTTPS%3a/merged.example%2fa%2f%2fb%3Fc%3D1?hours=1", "https://merged.example/a//b?c=1"},
           {"//stats/http://merged.example/", "http://merged.example/"}}) {
    SCOPED_TRACE(target);
    const Json answer = GetJson(target);
    EXPECT_EQ(answer["url"].str(), stored);
    EXPECT_EQ(answer["total_visits"].number(), 1);
  }
  for (const char* target : {"/stats/https:/", "/stats/https:merged.example/", "/stats/https:///merged.example/",
                             "/stats/https%3A%2Fmerged.example%2F", "/stats/ftp:/merged.example/"}) {
    ExpectError(Get(target), 400, "Invalid URL format");
  }
}

TEST_F(PageStats, TheUrlCanBeAParameter) {
  const std::string url = Page("a//b%20c+d?e=1&f=%23");
  ASSERT_EQ(Visit(url, {"User-Agent: A/1"}).status, 200);
  const Json by_path = GetJson("/stats/" + Encoded(url) + "?hours=5");
  EXPECT_EQ(by_path["total_visits"].number(), 1);
  EXPECT_EQ(GetJson("/stats?url=" + Encoded(url) + "&hours=5").text(), by_path.text());
  EXPECT_EQ(GetJson("/stats?hours=5&limit=7&url=bad&url=" + Encoded(url) + "%23part").text(), by_path.text());
  EXPECT_EQ(GetJson("/stats?url=" + Page("never")).text(), GetJson("/stats/" + Page("never")).text());
  EXPECT_EQ(Send({.method = "HEAD", .target = "/stats?url=" + Encoded(url), .headers = {}, .body = {}}).status, 200);
}

TEST_F(PageStats, AParameterThatIsNoUrlIsRefused) {
  for (const char* bad : {"no-url", "ftp://h/", "https://", "https://u@h/", "https:/h/", "https%3A%2F%2Fh%2Fa%20b"}) {
    ExpectError(Get(std::string("/stats?url=") + bad), 400, "Invalid URL format");
  }
  ExpectInvalid(Get("/stats?url="), R"(["query","url"])");
  ExpectInvalid(Get("/stats?url&hours=24"), R"(["query","url"])");
  ExpectInvalid(Get("/stats?url=https://e2e.example/&hours=0"), R"(["query","hours"])");
  ExpectError(Get("/stats?url=https://e2e.example/", {"Host: pages.example"}), 401);
}

TEST_F(PageStats, AQueryAfterTheUrlIsTheRequests) {
  ASSERT_EQ(Visit("https://own.example/a?b=1").status, 200);
  ASSERT_EQ(Visit("https://own.example/a").status, 200);
  EXPECT_EQ(GetJson("/stats/https://own.example/a?b=1")["url"].str(), "https://own.example/a");
  EXPECT_EQ(GetJson("/stats/https%3A%2F%2Fown.example%2Fa%3Fb%3D1?hours=5")["url"].str(), "https://own.example/a?b=1");
}

}  // namespace
}  // namespace page_count::e2e
