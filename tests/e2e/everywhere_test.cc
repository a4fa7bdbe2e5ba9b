#include <string>
#include <utility>
#include <vector>

#include "tests/e2e/service_test.h"

namespace page_count::e2e {

using Everywhere = ServiceTest;

TEST_F(Everywhere, AnswersAreJson) {
  EXPECT_EQ(Visit(Page()).Header("Content-Type"), "application/json");
  for (const char* target : {"/summary", "/stats", "/stats/https://e2e.example/", "/all-visits", "/health"}) {
    EXPECT_EQ(Get(target).Header("Content-Type"), "application/json") << target;
  }
}

TEST_F(Everywhere, IgnoresUnknownMembersAndParameters) {
  EXPECT_EQ(Post("/visit", R"({"a": {"b": [1]}, "url": ")" + Page() + R"(", "ip": "192.0.2.1"})").status, 200);
  EXPECT_EQ(Post("/bulk-visits", R"([{"url": ")" + Page() + R"(", "x": null}])").status, 200);
  EXPECT_EQ(Get("/?a=1&url=" + Encoded(Page()) + "&b&=&&c=").status, 200);
  EXPECT_EQ(Get("/summary?x=1&hour=7&y=").status, 200);
  EXPECT_EQ(Get("/all-visits?x=%FF&limit=1").status, 200);
  EXPECT_EQ(Get("/health?x=").status, 200);
}

TEST_F(Everywhere, TakesTheLastOfDuplicates) {
  const std::string first = Page("first");
  const std::string last = Page("last");
  const auto member = Post("/visit", R"({"url": ")" + first + R"(", "url": ")" + last + R"("})");
  EXPECT_EQ(Json::Parse(member.body)["url"].str(), last);
  EXPECT_EQ(Post("/visit", R"({"url": "bad", "url": ")" + last + R"("})").status, 200);
  ExpectInvalid(Post("/visit", R"({"url": ")" + last + R"(", "url": 7})"), R"(["body","url"])");
  EXPECT_EQ(Post("/bulk-visits", R"([{"url": "bad", "url": ")" + last + R"("}])").status, 200);
  EXPECT_EQ(GetJson("/?url=" + Encoded(first) + "&url=" + Encoded(last))["url"].str(), last);
  EXPECT_EQ(Get("/summary?hours=bad&hours=24").status, 200);
  EXPECT_EQ(Get("/summary?hours=&hours=24").status, 200);
  ExpectInvalid(Get("/summary?hours=24&hours=bad"), R"(["query","hours"])");
}

TEST_F(Everywhere, AnEmptyParameterThatIsReadIsInvalid) {
  for (const auto& [target, name] :
       std::vector<std::pair<std::string, std::string>>{{"/?url=", "url"},
                                                        {"/?url", "url"},
                                                        {"/summary?hours=", "hours"},
                                                        {"/summary?limit=", "limit"},
                                                        {"/stats?limit=", "limit"},
                                                        {"/stats?url=", "url"},
                                                        {"/stats/http://h/?hours=", "hours"},
                                                        {"/all-visits?since=", "since"},
                                                        {"/all-visits?range=", "range"},
                                                        {"/all-visits?start_date=", "start_date"},
                                                        {"/all-visits?end_date=", "end_date"},
                                                        {"/all-visits?limit=", "limit"},
                                                        {"/all-visits?offset=", "offset"},
                                                        {"/all-visits?format=", "format"}}) {
    SCOPED_TRACE(target);
    ExpectInvalid(Get(target), R"(["query",")" + name + R"("])");
  }
  ExpectInvalid(Send({.method = "DELETE", .target = "/cleanup?days=", .headers = {}, .body = {}}),
                R"(["query","days"])");
  ExpectPixel(Get("/pixel.gif?url=", {"Referer: " + Page()}), 422);
}

TEST_F(Everywhere, InvalidJsonAndInvalidUtf8AreInvalid) {
  for (const std::string& body :
       {std::string("{"), std::string("[1,]"), std::string("{'url': 'http://h/'}"), VisitBody(Page()) + "x",
        "{\"url\": \"" + Page() + "\",}", VisitBody(Page() + "\xFF"), VisitBody(Page() + "\xC0\xAF"),
        VisitBody(Page() + "\xED\xA0\x80"), "{\"url\": \"" + Page() + "\", \"x\": \"\xE2\x82\"}",
        "{\"url\": \"" + Page() + "\\ud800\"}", std::string("{\"url\": \"http://h/\n\"}"), std::string("nul"),
        std::string("{\"url\": NaN}")}) {
    SCOPED_TRACE(body);
    for (const auto& response : {Post("/visit", body), Post("/bulk-visits", "[" + body + "]")}) {
      EXPECT_EQ(response.status, 422) << response.body;
      EXPECT_EQ(Json::Parse(response.body)["detail"][0]["loc"][0].str(), "body") << response.body;
    }
  }
  EXPECT_EQ(Post("/bulk-visits", R"(["http://h/", "\ud800"])").status, 422);
  for (const char* path : {"/visit", "/bulk-visits"}) EXPECT_EQ(Post(path, "").status, 422) << path;
}

TEST_F(Everywhere, AByteOrderMarkIsInvalid) {
  EXPECT_EQ(Post("/visit", "\xEF\xBB\xBF" + VisitBody(Page())).status, 422);
  EXPECT_EQ(Post("/bulk-visits", "\xEF\xBB\xBF" + BulkBody(Page(), 1)).status, 422);
  EXPECT_EQ(Post("/visit", "\xFF\xFE" + VisitBody(Page())).status, 422);
  EXPECT_EQ(GetJson("/stats/" + Page())["total_visits"].number(), 0);
}

TEST_F(Everywhere, PathsAreExact) {
  for (const char* target :
       {"/visit/", "/Visit", "/visits", "/bulk-visits/", "/pixel.gif/", "/pixel", "/health/", "/summary/",
        "/all-visits/", "/cleanup/", "/statsx", "/nothing", "/index.html", "/visit/x", "/.git/config", "/index.php"}) {
    SCOPED_TRACE(target);
    ExpectError(Get(target), 404, "Not Found");
    ExpectError(Post(target, VisitBody(Page())), 404, "Not Found");
  }
}

TEST_F(Everywhere, APlusInAUrlParameterIsAPlus) {
  const std::string url = Page("a+b?c=d+e");
  EXPECT_EQ(GetJson("/?url=" + url)["url"].str(), url);
  EXPECT_EQ(GetJson("/?url=" + Encoded(url))["url"].str(), url);
  const auto form = Post("/visit", "url=" + url, {"Content-Type: application/x-www-form-urlencoded"});
  EXPECT_EQ(Json::Parse(form.body)["url"].str(), url) << form.body;
  EXPECT_EQ(Get("/pixel.gif?url=" + url).status, 200);
  EXPECT_EQ(GetJson("/stats/" + Encoded(url))["total_visits"].number(), 4);
}

TEST_F(Everywhere, AValidationErrorSaysWhere) {
  ExpectInvalid(Post("/visit", "{}"), R"(["body","url"])");
  ExpectInvalid(Post("/visit", R"({"url": 5})"), R"(["body","url"])");
  ExpectInvalid(Post("/visit", R"({"url": null})"), R"(["body","url"])");
  ExpectInvalid(Post("/visit", R"({"url": ""})"), R"(["body","url"])");
  ExpectInvalid(Post("/visit", R"({"url": "ftp://h/"})"), R"(["body","url"])");
  ExpectInvalid(Post("/visit", "[]"), R"(["body"])");
  ExpectInvalid(Post("/visit", "\"http://h/\""), R"(["body"])");
  ExpectInvalid(Post("/bulk-visits", VisitBody(Page())), R"(["body"])");
  const std::string good = VisitBody(Page());
  ExpectInvalid(Post("/bulk-visits", "[" + good + "," + good + "," + good + R"(,{"url": "bad"}])"),
                R"(["body",3,"url"])");
  ExpectInvalid(Post("/bulk-visits", "[" + good + ",{}]"), R"(["body",1,"url"])");
  ExpectInvalid(Get("/"), R"(["query","url"])");
  ExpectInvalid(Get("/summary?hours=0"), R"(["query","hours"])");
}

TEST_F(Everywhere, AMethodThatIsNotTheRowsIs405WithAllow) {
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"/visit", "POST"},     {"/bulk-visits", "POST"}, {"/", "GET"},          {"/pixel.gif", "GET"},
      {"/summary", "GET"},    {"/stats", "GET"},        {"/health", "GET"},    {"/stats/https://e2e.example/", "GET"},
      {"/all-visits", "GET"}, {"/query", "GET"},        {"/cleanup", "DELETE"}};
  for (const auto& [path, allowed] : rows) {
    for (const char* method : {"GET", "POST", "PUT", "PATCH", "DELETE"}) {
      if (method == allowed) continue;
      SCOPED_TRACE(method + (" " + path));
      const auto response = Send({.method = method, .target = path, .headers = {}, .body = {}});
      ExpectError(response, 405, "Method Not Allowed");
      EXPECT_NE(response.Header("Allow").find(allowed), std::string::npos) << response.Header("Allow");
      EXPECT_EQ(response.Header("Allow").find(method), std::string::npos) << response.Header("Allow");
    }
  }
}

TEST_F(Everywhere, HeadIs405WhereItWouldRecordAndGetWithoutABodyElsewhere) {
  for (const std::string& target : {"/?url=" + Encoded(Page()), "/pixel.gif?url=" + Encoded(Page()),
                                    std::string("/visit"), std::string("/bulk-visits"), std::string("/cleanup")}) {
    const auto response = Send({.method = "HEAD", .target = target, .headers = {}, .body = {}});
    EXPECT_EQ(response.status, 405) << target;
    EXPECT_TRUE(response.HasHeader("Allow")) << target;
    EXPECT_EQ(response.Header("Allow").find("HEAD"), std::string::npos) << target;
  }
  EXPECT_EQ(GetJson("/stats/" + Page())["total_visits"].number(), 0);
  for (const char* target : {"/summary", "/stats", "/stats/https://e2e.example/", "/all-visits",
                             "/all-visits?format=csv", "/health", "/robots.txt"}) {
    const auto response = Send({.method = "HEAD", .target = target, .headers = {}, .body = {}});
    EXPECT_EQ(response.status, 200) << target;
    EXPECT_EQ(response.body, "") << target;
    EXPECT_EQ(response.Header("Content-Type"), Get(target).Header("Content-Type")) << target;
  }
  EXPECT_EQ(Send({.method = "HEAD", .target = "/summary?hours=0", .headers = {}, .body = {}}).status, 422);
}

TEST_F(Everywhere, ABodyOverTheLimitIs413) {
  const auto padded = [](const std::string& body, size_t size) { return body + std::string(size - body.size(), ' '); };
  const std::string visit = VisitBody(Page());
  EXPECT_EQ(Post("/visit", padded(visit, 16'384)).status, 200);
  ExpectError(Post("/visit", padded(visit, 16'385)), 413);
  ExpectError(Post("/visit", std::string(2'000'000, 'x')), 413);
  const std::string bulk = BulkBody(Page(), 1);
  EXPECT_EQ(Post("/bulk-visits", padded(bulk, 1'048'576)).status, 200);
  ExpectError(Post("/bulk-visits", padded(bulk, 1'048'577)), 413);
  EXPECT_EQ(GetJson("/stats/" + Page())["total_visits"].number(), 2);
}

TEST_F(Everywhere, ABodyOfAnotherTypeIs415) {
  for (const char* type : {"application/xml", "multipart/form-data; boundary=x", "text/html", "image/png", "json",
                           "application/jsonp", "text/plainer"}) {
    SCOPED_TRACE(type);
    ExpectError(Post("/visit", VisitBody(Page()), {std::string("Content-Type: ") + type}), 415);
    ExpectError(Post("/bulk-visits", BulkBody(Page(), 1), {std::string("Content-Type: ") + type}), 415);
  }
  ExpectError(Post("/bulk-visits", "url=" + Page(), {"Content-Type: application/x-www-form-urlencoded"}), 415);
}

TEST_F(Everywhere, TheVisitorsAddressIsTheConnections) {
  for (const char* header : {"X-Forwarded-For: 192.0.2.7", "X-Real-IP: 192.0.2.7", "Forwarded: for=192.0.2.7",
                             "X-Forwarded-For: 192.0.2.7, 127.0.0.1", "True-Client-IP: 192.0.2.7"}) {
    EXPECT_EQ(Json::Parse(Visit(Page(), {header}).body)["ip"].str(), address()) << header;
  }
  EXPECT_EQ(GetJson("/stats/" + Page())["unique_ips"].number(), 1);
}

TEST_F(Everywhere, KeepsTheUserAgentAsItIsWithinItsLimits) {
  const auto recorded = [&](const std::string& header) {
    return Json::Parse(Visit(Page(), {header}).body)["user_agent"].str();
  };
  EXPECT_EQ(recorded("User-Agent: Mozilla/5.0 (X11; Linux) \"q\" \\ <b>"), "Mozilla/5.0 (X11; Linux) \"q\" \\ <b>");
  EXPECT_EQ(recorded("User-Agent: naïve/1"), "naïve/1");
  EXPECT_EQ(recorded("User-Agent: a\xFF"
                     "b"),
            "a\uFFFDb");
  EXPECT_EQ(recorded("User-Agent: " + std::string(600, 'x')), std::string(512, 'x'));
  EXPECT_EQ(recorded("User-Agent: " + std::string(512, 'x')), std::string(512, 'x'));
  EXPECT_EQ(recorded("User-Agent: " + std::string(511, 'x') + "é"), std::string(511, 'x'));
  EXPECT_EQ(recorded("User-Agent: " + std::string(510, 'x') + "é!"), std::string(510, 'x') + "é");
  EXPECT_EQ(recorded("User-Agent: " + std::string(510, 'x') + "😀"), std::string(510, 'x'));
}

TEST_F(Everywhere, AMissingOrEmptyUserAgentIsUnknown) {
  EXPECT_EQ(Json::Parse(Visit(Page()).body)["user_agent"].str(), "unknown");
  EXPECT_EQ(Json::Parse(Visit(Page(), {"User-Agent;"}).body)["user_agent"].str(), "unknown");
}

}  // namespace page_count::e2e
