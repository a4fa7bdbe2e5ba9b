#include <string>
#include <vector>

#include "tests/e2e/clock.h"
#include "tests/e2e/service_test.h"

namespace page_count::e2e {
namespace {

constexpr const char* kFirefox = "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";
constexpr const char* kBot = "User-Agent: Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";

class Query : public ServiceTest {
 protected:
  void VisitFrom(const std::string& page, const std::string& referrer, const char* agent = kFirefox) {
    const std::string body = R"({"url":")" + page + R"(","referrer":")" + referrer + R"("})";
    ASSERT_EQ(Post("/visit", body, {agent}).status, 200);
  }
  // "key visits visitors" of each row, of this test's pages only.
  std::vector<std::string> Rows(const std::string& query) {
    const Json answer = GetJson("/query?page-prefix=" + Encoded(Page("")) + "&" + query);
    std::vector<std::string> rows;
    for (size_t i = 0; i < answer["rows"].size(); ++i) {
      const Json row = answer["rows"][i];
      rows.push_back(row["key"].str() + " " + row["visits"].text() + " " + row["visitors"].text());
    }
    return rows;
  }
};

using Strings = std::vector<std::string>;

TEST_F(Query, CountsByWhatVisitsTell) {
  VisitFrom(Page("a"), "https://www.google.de/search?q=secret");
  VisitFrom(Page("a"), "android-app://com.google.android.gm/");
  VisitFrom(Page("b") + "?utm_source=letter&utm_medium=email&utm_campaign=spring", "");
  VisitFrom(Page("b"), Page("a"), kBot);
  EXPECT_EQ(Rows("by=page"), (Strings{Page("a") + " 2 1", Page("b") + " 2 1"}));
  EXPECT_EQ(Rows("by=source"), (Strings{" 1 1", "Gmail 1 1", "Google 1 1", "letter 1 1"}));
  EXPECT_EQ(Rows("by=medium"), (Strings{"mail 2 1", "direct 1 1", "search 1 1"}));
  EXPECT_EQ(Rows("by=campaign&campaign=spring"), Strings{"spring 1 1"});
  EXPECT_EQ(Rows("by=browser&bots=exclude"), Strings{"Firefox 3 1"});
  EXPECT_EQ(Rows("by=system&bots=exclude"), Strings{"Linux 3 1"});
  EXPECT_EQ(Rows("by=device"), (Strings{"desktop 3 1", "bot 1 1"}));
  EXPECT_EQ(Rows("by=bot&bots=only"), Strings{"crawler-user-agents: Googlebot 1 1"});
  EXPECT_EQ(Rows("by=medium&medium=mail&medium=search&source=Google"), Strings{"search 1 1"});
  EXPECT_EQ(Rows("by=host"), Strings{"e2e.example 4 1"});
}

TEST_F(Query, HasTheShapeOfItsRow) {
  VisitFrom(Page("a"), "");
  const Json answer = GetJson("/query?by=page&compare=previous&hours=2&page=" + Encoded(Page("a")));
  EXPECT_EQ(answer.keys(), (Strings{"from", "to", "total", "previous", "by", "groups", "rows"}));
  EXPECT_TRUE(IsTimeText(answer["from"].str(), 'T')) << answer.text();
  EXPECT_EQ(answer["total"].text(), R"({"visits":1,"visitors":1})");
  EXPECT_EQ(answer["previous"].keys(), (Strings{"from", "to", "total"}));
  EXPECT_EQ(answer["previous"]["to"].str(), answer["from"].str());
  EXPECT_EQ(answer["previous"]["total"].text(), R"({"visits":0,"visitors":0})");
  EXPECT_EQ(answer["groups"].number(), 1);
  EXPECT_EQ(answer["rows"][0].keys(), (Strings{"key", "visits", "visitors", "previous"}));
  EXPECT_EQ(GetJson("/query?measure=visitors&page=" + Encoded(Page("a")))["total"].text(), R"({"visitors":1})");
  const std::string page = "&page=" + Encoded(Page("a")) + "&page=" + Encoded(Page("b"));
  VisitFrom(Page("a"), "");
  VisitFrom(Page("b"), "");
  for (const char* order : {"visits", "visitors", "key"}) {
    SCOPED_TRACE(order);
    const std::string by = "/query?by=page" + page + "&order=" + order;
    const Json visits = GetJson(by + "&measure=visits");
    EXPECT_EQ(visits["groups"].number(), 2);
    EXPECT_EQ(visits["rows"][0].text(), R"({"key":")" + Page("a") + R"(","visits":2})");
    EXPECT_EQ(GetJson(by + "&measure=visitors")["rows"][0].text(), R"({"key":")" + Page("a") + R"(","visitors":1})");
  }
  EXPECT_EQ(GetJson("/query?by=page&limit=1" + page + "&from=1970-01-01&measure=visits")["groups"].number(), 2);
  const auto csv = Get("/query?format=csv&by=page&page=" + Encoded(Page("a")));
  EXPECT_EQ(csv.Header("Content-Type"), "text/csv; charset=utf-8");
  EXPECT_EQ(csv.body, "page,visits,visitors\r\n" + Page("a") + ",2,1\r\n");
}

TEST_F(Query, ASeriesHasTheIntervalsWithoutAVisitToo) {
  VisitFrom(Page("a"), "");
  const Json answer = GetJson("/query?by=hour&hours=3&page=" + Encoded(Page("a")));
  ASSERT_GE(answer["rows"].size(), 3U);
  ASSERT_LE(answer["rows"].size(), 4U);
  int64_t visits = 0;
  for (size_t i = 0; i < answer["rows"].size(); ++i) visits += answer["rows"][i]["visits"].number();
  EXPECT_EQ(visits, 1);
  EXPECT_EQ(Rows("edges=2020-01-01,2020-01-02,2020-01-04"),
            (Strings{"2020-01-01T00:00:00 0 0", "2020-01-02T00:00:00 0 0"}));
}

TEST_F(Query, TakesAPageOfGroups) {
  for (const char* page : {"a", "a", "a", "b", "b", "c"}) VisitFrom(Page(page), "");
  EXPECT_EQ(Rows("by=page&limit=1&offset=1"), Strings{Page("b") + " 2 1"});
  EXPECT_EQ(Rows("by=page&order=key&limit=2"), (Strings{Page("a") + " 3 1", Page("b") + " 2 1"}));
}

TEST_F(Query, BotsAreLeftOutOfEveryReadThatIsAskedTo) {
  VisitFrom(Page("a"), "", kFirefox);
  VisitFrom(Page("a"), "", kBot);
  VisitFrom(Page("a"), "", kBot);
  const std::string page = Encoded(Page("a"));
  for (const auto& [bots, visits] :
       std::vector<std::pair<std::string, int>>{{"include", 3}, {"exclude", 1}, {"only", 2}}) {
    SCOPED_TRACE(bots);
    const Json stats = GetJson("/stats?url=" + page + "&bots=" + bots);
    EXPECT_EQ(stats["total_visits"].number(), visits);
    EXPECT_EQ(stats["recent_visits"].size(), static_cast<size_t>(visits));
    EXPECT_EQ(GetJson("/summary?bots=" + bots)["data"][Page("a")]["total_visits"].number(), visits);
    EXPECT_EQ(GetJson("/stats?limit=1000000&bots=" + bots)["popular_pages"][Page("a")].str(), std::to_string(visits));
    size_t exported = 0;
    const Json all = GetJson("/all-visits?bots=" + bots)["visits"];
    for (size_t i = 0; i < all.size(); ++i) exported += all[i]["url"].str() == Page("a") ? 1 : 0;
    EXPECT_EQ(exported, static_cast<size_t>(visits));
  }
  ExpectInvalid(Get("/stats?bots=maybe"), R"(["query","bots"])");
}

TEST_F(Query, SaysWhichNamesAreGood) {
  const auto response = Get("/query?by=pages");
  ExpectInvalid(response, R"(["query","by"])");
  EXPECT_NE(response.body.find("'path-prefix'"), std::string::npos) << response.body;
}

TEST_F(Query, APlusInAUrlIsAPlus) {
  const std::string page = "https://plus.example/c++/a+b";
  VisitFrom(page, "");
  VisitFrom("https://plus.example/c%20%20/a%20b", "");
  for (const std::string& filter :
       {"page=" + page, "page=" + Encoded(page), std::string("page-prefix=https://plus.example/c++/"),
        std::string("host=plus.example&path-prefix=/c++/")}) {
    EXPECT_EQ(GetJson("/query?by=page&" + filter)["rows"].text(),
              R"([{"key":")" + page + R"(","visits":1,"visitors":1}])")
        << filter;
  }
}

TEST_F(Query, AReferrerThatIsNoneIsNoError) {
  EXPECT_EQ(Post("/visit", R"({"url":")" + Page("a") + R"(","referrer":null})").status, 200);
  EXPECT_EQ(Post("/visit", R"({"url":")" + Page("a") + R"(","referrer":"about:blank"})").status, 200);
  ExpectInvalid(Post("/visit", R"({"url":")" + Page("a") + R"(","referrer":1})"), R"(["body","referrer"])");
  EXPECT_EQ(Get("/pixel.gif?referrer=https%3A%2F%2Fnews.example%2Fa&url=" + Encoded(Page("a"))).status, 200);
  EXPECT_EQ(Rows("by=source"), (Strings{" 2 1", "news.example 1 1"}));
}

}  // namespace
}  // namespace page_count::e2e
