#include <algorithm>
#include <chrono>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "tests/e2e/load.h"
#include "tests/e2e/service_test.h"

namespace page_count::e2e {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

// Whoever follows the visits: /all-visits?after=. All workers take connections.
class Polling : public ServiceTest {
 protected:
  static void SetUpTestSuite() { StartService({.workers = 3, .all_accept = true}); }

  // The cursor behind all that there is.
  std::string Newest() { return GetJson("/all-visits?after=0&fields=id")["next"].str(); }
  // What a client makes of `Link: <?…>; rel="next"`: the next request's target.
  static std::string NextTarget(const HttpResponse& response) {
    const std::string link = response.Header("Link");
    const std::string end = R"(>; rel="next")";
    if (!link.starts_with("<?") || !link.ends_with(end)) return "no link: " + link;
    return "/all-visits" + link.substr(1, link.size() - 1 - end.size());
  }
  static std::vector<std::string> Texts(const Json& visits, const char* field) {
    std::vector<std::string> texts;
    for (size_t i = 0; i < visits.size(); ++i) texts.push_back(visits[i][field].str());
    return texts;
  }
};

using Strings = std::vector<std::string>;

TEST_F(Polling, GoesOnAfterAVisitOldestFirst) {
  const std::string start = Newest();
  for (const char* page : {"a", "b", "c"}) ASSERT_EQ(Visit(Page(page)).status, 200);
  const Json all = GetJson("/all-visits?fields=id,url&after=" + start);
  EXPECT_EQ(all.keys(), (Strings{"visits", "total_count", "next"}));
  EXPECT_EQ(Texts(all["visits"], "url"), (Strings{Page("a"), Page("b"), Page("c")}));
  EXPECT_EQ(all["total_count"].str(), "3");
  EXPECT_TRUE(all["visits"][0]["id"].IsString()) << "more digits than a number in JSON is exact to";
  EXPECT_EQ(all["next"].str(), all["visits"][2]["id"].str());

  const auto first = Get("/all-visits?limit=2&fields=url,id&format=json&after=" + start);
  EXPECT_EQ(Texts(Json::Parse(first.body)["visits"], "url"), (Strings{Page("a"), Page("b")}));
  const std::string next = all["visits"][1]["id"].str();
  EXPECT_EQ(Json::Parse(first.body)["next"].str(), next);
  EXPECT_EQ(NextTarget(first), "/all-visits?after=" + next + "&limit=2&fields=url,id&format=json");
  const auto second = Get(NextTarget(first));
  EXPECT_EQ(Texts(Json::Parse(second.body)["visits"], "url"), Strings{Page("c")});
  const auto third = Get(NextTarget(second));
  EXPECT_EQ(Json::Parse(third.body)["visits"].size(), 0U);
  EXPECT_EQ(NextTarget(third), NextTarget(second)) << "there is nothing new";
  ASSERT_EQ(Visit(Page("d")).status, 200);
  EXPECT_EQ(Texts(Json::Parse(Get(NextTarget(third)).body)["visits"], "url"), Strings{Page("d")});
}

TEST_F(Polling, GoesOnInEveryFormat) {
  const std::string start = Newest();
  for (const char* page : {"a", "b"}) ASSERT_EQ(Visit(Page(page)).status, 200);
  const auto lines = Get("/all-visits?format=jsonl&limit=1&fields=url&after=" + start);
  EXPECT_EQ(lines.body, R"({"url":")" + Page("a") + "\"}\n");
  EXPECT_EQ(Get(NextTarget(lines)).body, R"({"url":")" + Page("b") + "\"}\n");
  const auto csv = Get("/all-visits?format=csv&limit=1&fields=url&after=" + start);
  EXPECT_EQ(csv.body, "url\r\n" + Page("a") + "\r\n");
  EXPECT_EQ(Get(NextTarget(csv)).body, "url\r\n" + Page("b") + "\r\n");
  const auto head = Send({.method = "HEAD", .target = "/all-visits?limit=1&after=" + start, .headers = {}, .body = {}});
  EXPECT_TRUE(head.Header("Link").starts_with("<?after=")) << head.Header("Link");
}

TEST_F(Polling, TakesTheOtherParametersToo) {
  const std::string start = Newest();
  ASSERT_EQ(Visit(Page("a"), {"User-Agent: Googlebot/2.1"}).status, 200);
  ASSERT_EQ(Visit(Page("b"), {"User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Firefox/145.0"}).status, 200);
  ASSERT_EQ(Visit(Page("c"), {"User-Agent: Googlebot/2.1"}).status, 200);
  const auto people = Get("/all-visits?bots=exclude&after=" + start);
  EXPECT_EQ(Texts(Json::Parse(people.body)["visits"], "url"), Strings{Page("b")});
  EXPECT_EQ(Json::Parse(people.body)["next"].str(), Newest()) << "the bot's visit is not looked at again";
  EXPECT_EQ(GetJson("/all-visits?since=2100-01-01&after=" + start)["visits"].size(), 0U);
  EXPECT_EQ(GetJson("/all-visits?range=2000-01-01,2001-01-01&after=" + start)["next"].str(), start);
}

TEST_F(Polling, RefusesWhatIsNoCursor) {
  for (const char* bad : {"", "x", "-1", "1.5", "9223372036854775807", "99999999999999999999"}) {
    ExpectInvalid(Get(std::string("/all-visits?after=") + bad), R"(["query","after"])");
  }
  ExpectInvalid(Get("/all-visits?after=1&offset=2"), R"(["query","offset"])");
  EXPECT_EQ(GetJson("/all-visits?after=9223372036854775806")["visits"].size(), 0U);
  const auto long_query = Get("/all-visits?after=0&limit=1&x=" + std::string(8'000, 'x'));
  EXPECT_EQ(long_query.status, 200) << "a header that nginx would not take is left out";
  EXPECT_FALSE(long_query.HasHeader("Link"));
}

// The answers without `after` are the reference's.
TEST_F(Polling, IsNothingToThoseWhoDoNotAsk) {
  ASSERT_EQ(Visit(Page()).status, 200);
  const auto response = Get("/all-visits?limit=1");
  EXPECT_EQ(Json::Parse(response.body).keys(), (Strings{"visits", "total_count"}));
  EXPECT_FALSE(response.HasHeader("Link"));
}

// Ten times a second while 32 connections record on three workers, and the maintenance seals.
TEST_F(Polling, GetsEachVisitOnceUnderLoad) {
  std::string target = "/all-visits?limit=700&fields=id,url&after=" + Newest();
  std::vector<std::string> urls;
  std::vector<int64_t> ids;
  size_t polls = 0;
  const auto poll = [&] {
    const auto response = Get(target);
    ASSERT_EQ(response.status, 200) << response.body;
    const Json visits = Json::Parse(response.body)["visits"];
    ASSERT_LE(visits.size(), 700U);
    for (size_t i = 0; i < visits.size(); ++i) {
      urls.push_back(visits[i]["url"].str());
      ids.push_back(std::stoll(visits[i]["id"].str()));
    }
    target = NextTarget(response);
    ++polls;
  };
  Load load(service().http_port(), {.clients = 32});
  const auto end = steady_clock::now() + 4s;
  for (auto next = steady_clock::now(); next < end && !HasFatalFailure(); next += 100ms) {
    std::this_thread::sleep_until(next);
    poll();
  }
  LoadReport report = load.Stop();
  EXPECT_TRUE(report.failures.empty()) << report.FailureText();
  for (size_t before = urls.size() + 1; urls.size() != before && !HasFatalFailure();) {
    before = urls.size();
    poll();
  }
  RecordProperty("polls", std::to_string(polls));
  RecordProperty("visits", std::to_string(urls.size()));
  EXPECT_GT(polls, 10U);
  EXPECT_TRUE(std::is_sorted(ids.begin(), ids.end()));
  EXPECT_EQ(std::set(ids.begin(), ids.end()).size(), ids.size());
  std::sort(urls.begin(), urls.end());
  std::sort(report.acknowledged.begin(), report.acknowledged.end());
  EXPECT_EQ(urls.size(), report.acknowledged.size());
  EXPECT_TRUE(urls == report.acknowledged) << "each visit once, and no other";
}

}  // namespace
}  // namespace page_count::e2e
