#include <gtest/gtest.h>

#include <string>

#include "tests/unit/endpoint_fixture.h"

namespace page_count {
namespace {

std::string ListOf(int entries) {
  std::string list = "[";
  for (int i = 0; i < entries; ++i) list += (i > 0 ? "," : "") + ("\"https://h/" + std::to_string(i)) + "\"";
  return list + "]";
}

class RecordingEndpointsTest : public EndpointTest {
 protected:
  // No visit was recorded, and none counts in the rate limit.
  void ExpectNothingRecorded() {
    EXPECT_TRUE(store_.committed.empty());
    EXPECT_EQ(limiter_.VisitsCounted(), 0U);
  }
  static void ExpectPixel(const Response& response, int status) {
    EXPECT_EQ(response.status, status);
    EXPECT_EQ(response.content_type, "image/gif");
    EXPECT_EQ(response.body.size(), 43U);
    EXPECT_TRUE(response.body.starts_with("GIF89a") && response.body.ends_with(';'));
  }

  const std::string visit_ = R"({"url": "https://h/a"})";
};

TEST_F(RecordingEndpointsTest, RecordAVisit) {
  const Response response = Handle({.method = "POST",
                                    .path = "/visit",
                                    .content_type = "text/plain",
                                    .user_agent = "Mozilla \xFF",
                                    .body = R"({"url": "HTTPS://H:443/a#b"})"});
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body,
            "{\"url\":\"https://h/a\",\"ip\":\"192.0.2.1\",\"user_agent\":\"Mozilla \xEF\xBF\xBD\","
            "\"status\":\"recorded\",\"timestamp\":\"2025-09-14T10:00:00\"}");
  EXPECT_EQ(store_.committed, std::vector<std::string>{"https://h/a"});
}

TEST_F(RecordingEndpointsTest, AnswerABeaconWithThePagesVisits) {
  store_.page_visits = 1'233;
  EXPECT_EQ(Get("/", "url=https://h/a%3Fb").body,
            R"({"message":"Visit recorded!","url":"https://h/a?b","ip":"192.0.2.1","user_agent":"unknown",)"
            R"("status":"recorded","timestamp":"2025-09-14T10:00:00","visits":"1,234"})");
}

TEST_F(RecordingEndpointsTest, SayWhatIsKeptOfTheAddress) {
  keep_address_ = [](Visit& visit) { visit.whole_ip = std::exchange(visit.ip, "kept of " + visit.user_agent); };
  const std::string kept = R"("ip":"kept of unknown")";
  for (const Response& response :
       {Post("/visit", visit_), Get("/", "url=https://h/a"), Post("/bulk-visits", R"(["https://h/a"])")}) {
    EXPECT_NE(response.body.find(kept), std::string::npos) << response.body;
    EXPECT_EQ(response.body.find(kIp), std::string::npos) << response.body;
  }
  EXPECT_EQ(Get("/pixel.gif", "url=https://h/a").status, 200);
  EXPECT_EQ(store_.ips, std::vector<std::string>(4, "kept of unknown"));
}

TEST_F(RecordingEndpointsTest, RefuseABodyThatIsTooLargeOrOfAnotherType) {
  const std::string spaces(16'385 - visit_.size(), ' ');
  EXPECT_EQ(Post("/visit", visit_ + spaces).status, 413);
  EXPECT_EQ(Post("/bulk-visits", "[]" + std::string(1'048'576, ' ')).status, 413);
  EXPECT_EQ(Handle({.method = "POST", .path = "/bulk-visits", .body_too_large = true}).status, 413);
  EXPECT_EQ(Post("/visit", visit_, "application/xml").status, 415);
  EXPECT_EQ(Post("/bulk-visits", "url=https://h/", "application/x-www-form-urlencoded").status, 415);
  ExpectNothingRecorded();
  EXPECT_EQ(Post("/visit", visit_ + spaces.substr(1)).status, 200);
}

TEST_F(RecordingEndpointsTest, RefuseABadUrlByTheirOwnStatus) {
  EXPECT_EQ(Post("/visit", R"({"url": "h"})").status, 422);
  EXPECT_EQ(Post("/visit", "{}").body,
            R"({"detail":[{"loc":["body","url"],"msg":"Field required","type":"missing"}]})");
  const Response bad = Get("/", "url=h");
  EXPECT_EQ(bad.status, 400);
  EXPECT_EQ(bad.body, R"({"detail":"Invalid URL format"})");
  EXPECT_EQ(Get("/").status, 422);
  EXPECT_EQ(Get("/", "url=").status, 422);
  ExpectNothingRecorded();
}

TEST_F(RecordingEndpointsTest, LimitEachClientAndPage) {
  limiter_.retry_after = std::chrono::milliseconds(41'001);
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(Post("/visit", visit_).status, 200);
    EXPECT_EQ(Get("/", "url=https://h/a").status, 200);
  }
  const Response refused = Get("/", "url=https://h/a");
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.body, R"({"detail":"Too many requests, please try again later"})");
  EXPECT_EQ(Header(refused, "Retry-After"), "42");
  EXPECT_EQ(Post("/visit", visit_).status, 429);
  EXPECT_EQ(store_.committed.size(), 10U);
}

TEST_F(RecordingEndpointsTest, DoNotCountWhatCouldNotBeRecorded) {
  for (std::string* error : {&store_.commit_error, &store_.sync_error}) {
    testing::internal::CaptureStderr();
    *error = "disk full: /var/lib/page-count/visits.db";
    for (const Response& response : {Post("/visit", visit_), Get("/", "url=https://h/a"),
                                     Post("/bulk-visits", R"(["https://h/a", "https://h/b", "https://h/a"])")}) {
      EXPECT_EQ(response.status, 503);
      EXPECT_EQ(response.body, R"({"detail":"Storage unavailable, please try again later"})");
      EXPECT_EQ(Header(response, "Retry-After"), "5");
    }
    ExpectPixel(Get("/pixel.gif", "url=https://h/a"), 503);
    EXPECT_EQ(limiter_.VisitsCounted(), 0U);
    error->clear();
    testing::internal::GetCapturedStderr();
  }
}

TEST_F(RecordingEndpointsTest, AreUnavailableIfTheLimiterIs) {
  limiter_.decides = 0;
  for (const Response& response : {Post("/visit", visit_), Get("/", "url=https://h/a"),
                                   Post("/bulk-visits", R"(["https://h/a", "https://h/b"])")}) {
    EXPECT_EQ(response.status, 503);
    EXPECT_EQ(Header(response, "Retry-After"), "5");
  }
  ExpectPixel(Get("/pixel.gif", "url=https://h/a"), 503);
  ExpectNothingRecorded();
}

TEST_F(RecordingEndpointsTest, AnswerAnImageWithAPixelWhateverTheStatus) {
  const auto image = [&](std::string_view query, std::string_view accept = "image/avif,image/webp,*/*;q=0.8") {
    return Handle({.method = "GET", .path = "/", .query = query, .accept = accept});
  };
  ExpectPixel(image("url=https://h/a"), 200);
  ExpectPixel(image("url=https://h/a", " IMAGE/png;q=0.9"), 200);
  ExpectPixel(image("url=h"), 400);
  ExpectPixel(image(""), 422);
  ExpectPixel(image("url="), 422);
  for (int i = 0; i < 8; ++i) image("url=https://h/a");
  ExpectPixel(image("url=https://h/a"), 429);
  EXPECT_EQ(image("url=https://h/b", "text/html,image/png").content_type, "application/json");
  EXPECT_EQ(image("url=https://h/b", "imag").content_type, "application/json");
}

TEST_F(RecordingEndpointsTest, TakeTheRefererOfAPixelWithoutAUrl) {
  const auto pixel = [&](std::string_view query, std::string_view referer) {
    return Handle({.method = "GET", .path = "/pixel.gif", .query = query, .referer = referer});
  };
  ExpectPixel(pixel("", "https://h/page"), 200);
  ExpectPixel(pixel("url=https://h/named", "https://h/page"), 200);
  EXPECT_EQ(store_.committed, (std::vector<std::string>{"https://h/page", "https://h/named"}));
  ExpectPixel(pixel("", ""), 422);
  ExpectPixel(pixel("url=", "https://h/page"), 422);
  ExpectPixel(pixel("", "about:blank"), 400);
}

TEST_F(RecordingEndpointsTest, SendABrowserWithoutAUrlToTheDashboard) {
  const Response response =
      Handle({.method = "GET", .path = "/", .accept = "text/html,application/xhtml+xml,image/avif,*/*;q=0.8"});
  EXPECT_EQ(response.status, 302);
  EXPECT_EQ(Header(response, "Location"), "/dashboard/");
  EXPECT_EQ(Handle({.method = "GET", .path = "/", .query = "url=", .accept = "text/html"}).status, 422);
  EXPECT_EQ(Handle({.method = "GET", .path = "/", .accept = "*/*, text/html"}).status, 422);
}

TEST_F(RecordingEndpointsTest, RecordAListInOneCommit) {
  const Response response = Post("/bulk-visits", R"([{"url": "https://h/a"}, "https://h/b", {"url": "https://h/c"}])");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, R"({"status":"recorded","visits_recorded":3,"visits_rejected":0,"ip":"192.0.2.1"})");
  EXPECT_EQ(store_.committed, (std::vector<std::string>{"https://h/a", "https://h/b", "https://h/c"}));
  EXPECT_EQ(std::count(store_.calls.begin(), store_.calls.end(), "try commit"), 1);
  EXPECT_EQ(limiter_.limits, std::vector<uint32_t>{20}) << "one call of the limiter";
}

TEST_F(RecordingEndpointsTest, RecordNothingOfAListWithAnInvalidEntry) {
  const Response response = Post("/bulk-visits", R"(["https://h/a", {"url": "h"}, "https://h/b", 5, {}])");
  EXPECT_EQ(response.status, 422);
  for (const char* place : {R"("loc":["body",1,"url"])", R"("loc":["body",3])", R"("loc":["body",4,"url"])"}) {
    EXPECT_NE(response.body.find(place), std::string::npos) << place << ' ' << response.body;
  }
  EXPECT_EQ(response.body.find("[\"body\",0"), std::string::npos) << response.body;
  ExpectNothingRecorded();
  EXPECT_TRUE(limiter_.limits.empty());
}

TEST_F(RecordingEndpointsTest, RefuseMoreThanAHundredEntries) {
  EXPECT_EQ(Post("/bulk-visits", ListOf(100)).status, 200);
  store_.committed.clear();
  limiter_.visits.clear();
  const Response response = Post("/bulk-visits", ListOf(101));
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(response.body, R"json({"detail":"Too many visits in bulk request (max 100)"})json");
  ExpectNothingRecorded();
}

TEST_F(RecordingEndpointsTest, RefuseWhatIsNoList) {
  for (const char* body :
       {"", "{}", "null", "\"https://h/\"", R"({"url": "https://h/"})", "[\"https://h/\"", "[] []"}) {
    EXPECT_EQ(Post("/bulk-visits", body).status, 422) << body;
  }
  ExpectNothingRecorded();
}

TEST_F(RecordingEndpointsTest, AnswerAnEmptyListWithZeros) {
  EXPECT_EQ(Post("/bulk-visits", "[]").body,
            R"({"status":"recorded","visits_recorded":0,"visits_rejected":0,"ip":"192.0.2.1"})");
  EXPECT_TRUE(store_.calls.empty());
}

TEST_F(RecordingEndpointsTest, RejectTheEntriesOfAListThatAreOverTheLimit) {
  std::string list = "[\"https://h/other\"";
  for (int i = 0; i < 23; ++i) list += ",\"https://h/same\"";
  EXPECT_EQ(Post("/bulk-visits", list + "]").body,
            R"({"status":"recorded","visits_recorded":21,"visits_rejected":3,"ip":"192.0.2.1"})");
  EXPECT_EQ(store_.committed.size(), 21U);
  EXPECT_EQ(Post("/bulk-visits", R"(["https://h/same"])").body,
            R"({"status":"recorded","visits_recorded":0,"visits_rejected":1,"ip":"192.0.2.1"})");
}

}  // namespace
}  // namespace page_count
