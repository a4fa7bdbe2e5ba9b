#include <string>
#include <vector>

#include "tests/e2e/clock.h"
#include "tests/e2e/service_test.h"

namespace page_count::e2e {

using Recording = ServiceTest;

TEST_F(Recording, PostVisitAnswersWhatItRecorded) {
  const auto response = Visit(Page(), {"User-Agent: Reader/1.0"});
  ASSERT_EQ(response.status, 200) << response.body;
  const Json answer = Json::Parse(response.body);
  EXPECT_EQ(answer.keys(), (std::vector<std::string>{"url", "ip", "user_agent", "status", "timestamp"}));
  EXPECT_EQ(answer["url"].str(), Page());
  EXPECT_EQ(answer["ip"].str(), address());
  EXPECT_EQ(answer["user_agent"].str(), "Reader/1.0");
  EXPECT_EQ(answer["status"].str(), "recorded");
  EXPECT_TRUE(IsTimeText(answer["timestamp"].str(), 'T')) << answer["timestamp"].str();
  EXPECT_TRUE(IsNow(answer["timestamp"].str())) << answer["timestamp"].str();

  const Json kept = GetJson("/all-visits?limit=1")["visits"][0];
  EXPECT_EQ(kept["url"].str(), Page());
  EXPECT_EQ(kept["ip"].str(), address());
  EXPECT_EQ(kept["user_agent"].str(), "Reader/1.0");
  EXPECT_EQ(ParseTime(kept["timestamp"].str()), ParseTime(answer["timestamp"].str()));
}

TEST_F(Recording, GetAnswersWhatItRecordedAndThePagesTotal) {
  for (int total = 1; total <= 3; ++total) {
    const auto response = Get("/?url=" + Encoded(Page()), {"User-Agent: Reader/1.0"});
    ASSERT_EQ(response.status, 200) << response.body;
    const Json answer = Json::Parse(response.body);
    EXPECT_EQ(answer.keys(),
              (std::vector<std::string>{"message", "url", "ip", "user_agent", "status", "timestamp", "visits"}));
    EXPECT_EQ(answer["message"].str(), "Visit recorded!");
    EXPECT_EQ(answer["url"].str(), Page());
    EXPECT_EQ(answer["ip"].str(), address());
    EXPECT_EQ(answer["user_agent"].str(), "Reader/1.0");
    EXPECT_EQ(answer["status"].str(), "recorded");
    EXPECT_TRUE(IsTimeText(answer["timestamp"].str(), 'T')) << answer["timestamp"].str();
    EXPECT_TRUE(IsNow(answer["timestamp"].str())) << answer["timestamp"].str();
    EXPECT_EQ(answer["visits"].text(), "\"" + std::to_string(total) + "\"");
  }
}

TEST_F(Recording, AVisitThatIsSentAgainCountsOnce) {
  const std::string body = R"({"url":")" + Page() + R"(","id":"2f1c7a5e-retry"})";
  const Json first = Json::Parse(Post("/visit", body).body);
  EXPECT_EQ(first["status"].str(), "recorded");
  // The first answer was lost: the client asks whichever worker takes it, and more often than the limit allows.
  for (int again = 0; again < 20; ++again) {
    const auto response = Post("/visit", body);
    ASSERT_EQ(response.status, 200) << response.body;
    const Json answer = Json::Parse(response.body);
    EXPECT_EQ(answer.keys(), first.keys());
    EXPECT_EQ(answer["status"].str(), "duplicate");
    EXPECT_EQ(answer["timestamp"].str(), first["timestamp"].str());
  }
  const std::string beacon = "/?url=" + Encoded(Page()) + "&id=2f1c7a5e-retry&rnd=0.4711";
  const Json by_get = GetJson(beacon);
  EXPECT_EQ(by_get["status"].str(), "duplicate");
  EXPECT_EQ(by_get["visits"].str(), "1");
  ExpectPixel(Get("/pixel.gif?url=" + Encoded(Page()) + "&id=2f1c7a5e-retry"), 200);
  EXPECT_EQ(GetJson("/stats/" + Page())["total_visits"].number(), 1);
  for (int left = 9; left > 0; --left) EXPECT_EQ(Visit(Page()).status, 200) << "no duplicate counts in the limit";
  EXPECT_EQ(Visit(Page()).status, 429);
  EXPECT_EQ(Post("/visit", body).status, 200);
}

TEST_F(Recording, EachEntryOfABulkMayHaveAnId) {
  const std::string entry = R"({"url":")" + Page() + R"(","id":"entry-0001"})";
  const std::string other = R"({"url":")" + Page() + R"(","id":"entry-0002"})";
  EXPECT_EQ(Post("/bulk-visits", "[" + entry + "," + entry + ",\"" + Page() + "\"]").body,
            R"({"status":"recorded","visits_recorded":2,"visits_rejected":0,"visits_duplicate":1,"ip":")" + address() +
                R"("})");
  const Json again = Json::Parse(Post("/bulk-visits", "[" + entry + "," + other + "]").body);
  EXPECT_EQ(again["visits_recorded"].number(), 1);
  EXPECT_EQ(again["visits_duplicate"].number(), 1);
  EXPECT_EQ(GetJson("/stats/" + Page())["total_visits"].number(), 3);
}

TEST_F(Recording, AnIdThatIsTooShortOrTooLongIsRefused) {
  for (const std::string& id : {std::string("7 bytes"), std::string(65, 'x'), std::string()}) {
    ExpectInvalid(Post("/visit", R"({"url":")" + Page() + R"(","id":")" + id + R"("})"), R"(["body","id"])");
    ExpectInvalid(Post("/bulk-visits", R"([{"url":")" + Page() + R"(","id":")" + id + R"("}])"), R"(["body",0,"id"])");
    ExpectInvalid(Get("/?url=" + Encoded(Page()) + "&id=" + Encoded(id)), R"(["query","id"])");
    ExpectPixel(Get("/pixel.gif?url=" + Encoded(Page()) + "&id=" + Encoded(id)), 422);
  }
  ExpectInvalid(Post("/visit", R"({"url":")" + Page() + R"(","id":12345678})"), R"(["body","id"])");
  EXPECT_EQ(Post("/visit", R"({"url":")" + Page() + R"(","id":null,"title":null})").status, 200);
  EXPECT_EQ(GetJson("/stats/" + Page())["total_visits"].number(), 1);
}

TEST_F(Recording, TheOperatorMaySayWhenAVisitWas) {
  using std::chrono::hours;
  const auto entry = [](const char* id, std::chrono::system_clock::duration ago) {
    return R"({"url":")" + Page() + R"(","id":")" + id + R"(","timestamp":")" +
           TimeText(std::chrono::system_clock::now() - ago) + R"(+00:00"})";
  };
  RecordVisits(Page(), 3);
  const std::string body = "[" + entry("offline-1", hours(30)) + "," + entry("offline-2", hours(50)) + "," +
                           entry("offline-2", hours(50)) + ",\"" + Page() + "\"]";
  const Headers stranger = {"Content-Type: application/json", "Host: pages.example"};
  ExpectError(Post("/bulk-visits", body, stranger), 403, "A timestamp takes the password of the private endpoints");
  Headers wrong = stranger;
  wrong.push_back(BasicCredentials("admin", "wrong"));
  EXPECT_EQ(Post("/bulk-visits", body, wrong).status, 401);
  EXPECT_EQ(GetJson("/stats/" + Page())["total_visits"].number(), 3);

  Headers operators = stranger;
  operators.push_back(BasicCredentials("admin", service().admin_password()));
  const Json first = Json::Parse(Post("/bulk-visits", body, operators).body);
  EXPECT_EQ(first["visits_recorded"].number(), 3) << first.text();
  EXPECT_EQ(first["visits_duplicate"].number(), 1) << first.text();
  const Json again = Json::Parse(Post("/bulk-visits", "[" + entry("offline-1", hours(30)) + "]").body);
  EXPECT_EQ(again["visits_recorded"].number(), 0) << again.text();
  EXPECT_EQ(again["visits_duplicate"].number(), 1) << again.text();
  EXPECT_EQ(GetJson("/stats/" + Page())["total_visits"].number(), 6);
  const std::string page = "&measure=visits&page=" + Encoded(Page());
  EXPECT_EQ(GetJson("/query?hours=24" + page)["total"]["visits"].number(), 4);
  EXPECT_EQ(GetJson("/query?hours=31" + page)["total"]["visits"].number(), 5);
  EXPECT_EQ(GetJson("/query?hours=51" + page)["total"]["visits"].number(), 6);
}

TEST_F(Recording, ATimestampIsOfTheLastSevenDays) {
  const auto body = [](const std::string& time) {
    return R"([{"url":")" + Page() + R"(","timestamp":")" + time + R"("}])";
  };
  const auto now = std::chrono::system_clock::now();
  for (const std::string& time : {TimeText(now - std::chrono::days(7) - std::chrono::minutes(1)),
                                  TimeText(now + std::chrono::minutes(2)), std::string("yesterday")}) {
    ExpectInvalid(Post("/bulk-visits", body(time)), R"(["body",0,"timestamp"])");
  }
  for (const std::string& time :
       {TimeText(now - std::chrono::days(7) + std::chrono::minutes(1)), TimeText(now + std::chrono::seconds(30))}) {
    EXPECT_EQ(Json::Parse(Post("/bulk-visits", body(time)).body)["visits_recorded"].number(), 1) << time;
  }
  EXPECT_EQ(Visit(Page()).status, 200);
  EXPECT_TRUE(IsNow(GetJson("/all-visits?limit=1")["visits"][0]["timestamp"].str()))
      << "the clock goes no further ahead";
}

TEST_F(Recording, APageHasItsNewestTitle) {
  const auto row = [] { return "/query?by=page&measure=visits&page=" + Encoded(Page()); };
  EXPECT_EQ(Post("/visit", R"({"url":")" + Page() + R"(","title":"  Über\n uns "})").status, 200);
  EXPECT_EQ(GetJson(row())["rows"][0].text(), R"({"key":")" + Page() + R"(","title":"Über uns","visits":1})");
  EXPECT_EQ(Get("/?url=" + Encoded(Page()) + "&title=About+us%21").status, 200);
  EXPECT_EQ(GetJson(row())["rows"][0]["title"].str(), "About us!");
  EXPECT_EQ(Post("/bulk-visits", R"([{"url":")" + Page() + R"(","title":")" + std::string(199, 'x') + R"(ü"}])").status,
            200);
  EXPECT_EQ(GetJson(row())["rows"][0]["title"].str(), std::string(199, 'x')) << "cut on a character";
  EXPECT_EQ(Visit(Page()).status, 200);
  EXPECT_EQ(GetJson(row())["rows"][0]["title"].str(), std::string(199, 'x')) << "none is no news";
}

TEST_F(Recording, ThePagesTotalHasThousandsSeparators) {
  RecordVisits(Page(), 1233);
  EXPECT_EQ(GetJson("/?url=" + Encoded(Page()))["visits"].text(), "\"1,234\"");
}

TEST_F(Recording, GetTakesTheUrlUnencodedToo) {
  EXPECT_EQ(GetJson("/?url=" + Page("a?b=c"))["url"].str(), Page("a?b=c"));
}

TEST_F(Recording, PostBodiesAreReadUnderEveryTypeABrowserSends) {
  const std::string visit = VisitBody(Page());
  const std::string bulk = BulkBody(Page(), 1);
  for (const Headers& headers :
       {Headers{"Content-Type: application/json"}, Headers{"Content-Type: application/json; charset=utf-8"},
        Headers{"Content-Type: Application/JSON"}, Headers{"Content-Type: text/plain"},
        Headers{"Content-Type: text/plain;charset=UTF-8"}, Headers{}}) {
    SCOPED_TRACE(headers.empty() ? "no type" : headers.front());
    HttpClient client = ClientAt(OtherAddress());
    EXPECT_EQ(Send(client, {.method = "POST", .target = "/visit", .headers = headers, .body = visit}).status, 200);
    EXPECT_EQ(Send(client, {.method = "POST", .target = "/bulk-visits", .headers = headers, .body = bulk}).status, 200);
  }
  EXPECT_EQ(GetJson("/stats/" + Page())["total_visits"].number(), 12);
}

TEST_F(Recording, PostVisitTakesAForm) {
  const Headers form = {"Content-Type: application/x-www-form-urlencoded"};
  EXPECT_EQ(Json::Parse(Post("/visit", "url=" + Encoded(Page()), form).body)["url"].str(), Page());
  const auto last = Post("/visit", "x=1&url=bad&url=" + Encoded(Page("last")) + "&y=", form);
  EXPECT_EQ(Json::Parse(last.body)["url"].str(), Page("last"));
  EXPECT_EQ(Post("/visit", "url=" + Encoded(Page()), {"Content-Type: application/x-www-form-urlencoded; charset=UTF-8"})
                .status,
            200);
  ExpectInvalid(Post("/visit", "", form), R"(["body","url"])");
  ExpectInvalid(Post("/visit", "url=", form), R"(["body","url"])");
  ExpectInvalid(Post("/visit", "uri=" + Encoded(Page()), form), R"(["body","url"])");
  ExpectInvalid(Post("/visit", "url=bad", form), R"(["body","url"])");
}

TEST_F(Recording, ABadUrlIs400ForGetAnd422ForPost) {
  ExpectError(Get("/?url=not-a-url"), 400, "Invalid URL format");
  ExpectInvalid(Visit("not-a-url"), R"(["body","url"])");
  ExpectInvalidEntry(Post("/bulk-visits", R"(["not-a-url"])"), 0);
}

TEST_F(Recording, ABrowserWithoutAPageIsSentToTheDashboard) {
  const auto response = Get("/", {"Accept: text/html,application/xhtml+xml,*/*;q=0.8"});
  EXPECT_EQ(response.status, 302);
  const std::string base = "http://127.0.0.1:" + std::to_string(service().http_port());
  EXPECT_TRUE(response.Header("Location") == "/dashboard/" || response.Header("Location") == base + "/dashboard/")
      << response.Header("Location");
  EXPECT_EQ(Get("/", {"Accept: TEXT/HTML;q=0.9"}).status, 302);
}

TEST_F(Recording, OnlyTheFirstMediaRangeMakesABrowser) {
  ExpectInvalid(Get("/", {"Accept: application/json, text/html"}), R"(["query","url"])");
  ExpectInvalid(Get("/", {"Accept: */*"}), R"(["query","url"])");
  ExpectInvalid(Get("/", {"Accept: text/htmlx"}), R"(["query","url"])");
  ExpectInvalid(Get("/", {"Accept:"}), R"(["query","url"])");
  ExpectInvalid(Get("/", {"Accept;", "Referer: " + Page()}), R"(["query","url"])");
  const auto with_url = Get("/?url=" + Encoded(Page()), {"Accept: text/html"});
  EXPECT_EQ(Json::Parse(with_url.body)["url"].str(), Page());
}

using BulkVisits = ServiceTest;

TEST_F(BulkVisits, AreRecordedTogether) {
  const auto response = Post("/bulk-visits", "[" + VisitBody(Page("a")) + "," + VisitBody(Page("b")) + "]");
  ASSERT_EQ(response.status, 200) << response.body;
  const Json answer = Json::Parse(response.body);
  EXPECT_EQ(answer.text(),
            R"({"status":"recorded","visits_recorded":2,"visits_rejected":0,"ip":")" + address() + R"("})");
  EXPECT_EQ(GetJson("/stats/" + Page("a"))["total_visits"].number(), 1);
  EXPECT_EQ(GetJson("/stats/" + Page("b"))["total_visits"].number(), 1);
}

TEST_F(BulkVisits, AnEmptyListIsAllZeros) {
  const Json answer = Json::Parse(Post("/bulk-visits", " [ ] ").body);
  EXPECT_EQ(answer.text(),
            R"({"status":"recorded","visits_recorded":0,"visits_rejected":0,"ip":")" + address() + R"("})");
}

TEST_F(BulkVisits, AnEntryMayBeAPlainString) {
  const auto response = Post("/bulk-visits", "[\"" + Page() + "\"," + VisitBody(Page()) + "]");
  EXPECT_EQ(Json::Parse(response.body)["visits_recorded"].number(), 2) << response.body;
  EXPECT_EQ(GetJson("/stats/" + Page())["total_visits"].number(), 2);
}

TEST_F(BulkVisits, MoreThan100AreRefused) {
  std::string pages = "[";
  for (int i = 0; i < 100; ++i) pages += (i == 0 ? "" : ",") + VisitBody(Page(std::to_string(i)));
  const Json most = Json::Parse(Post("/bulk-visits", pages + "]").body);
  EXPECT_EQ(most["visits_recorded"].number(), 100);
  const auto count = StoredVisits();
  ExpectError(Post("/bulk-visits", pages + "," + VisitBody(Page("more")) + "]"), 400,
              "Too many visits in bulk request (max 100)");
  EXPECT_EQ(StoredVisits(), count);
}

TEST_F(BulkVisits, OneInvalidEntryRecordsNothing) {
  const auto count = StoredVisits();
  const std::string good = VisitBody(Page());
  ExpectInvalid(Post("/bulk-visits", "[" + good + "," + good + R"(,{"url": "ftp://h/"}])"), R"(["body",2,"url"])");
  ExpectInvalid(Post("/bulk-visits", R"([{"url": 1},)" + good + "]"), R"(["body",0,"url"])");
  ExpectInvalidEntry(Post("/bulk-visits", "[" + good + ",null]"), 1);
  ExpectInvalidEntry(Post("/bulk-visits", "[" + good + ",5]"), 1);
  ExpectInvalidEntry(Post("/bulk-visits", "[" + good + ",[]]"), 1);
  EXPECT_EQ(StoredVisits(), count);
}

}  // namespace page_count::e2e
