#include <chrono>
#include <cstdlib>
#include <string>
#include <vector>

#include "tests/e2e/service_test.h"

namespace page_count::e2e {
namespace {

constexpr const char* kRefusal = "Too many requests, please try again later";

class RateLimit : public ServiceTest {
 protected:
  void ExpectRefused(const HttpResponse& response) {
    ExpectError(response, 429, kRefusal);
    const std::string wait = response.Header("Retry-After");
    EXPECT_TRUE(!wait.empty() && wait.find_first_not_of("0123456789") == std::string::npos) << wait;
    EXPECT_GE(std::atoi(wait.c_str()), 1);
    EXPECT_LE(std::atoi(wait.c_str()), 60);
  }

  void ExpectBulk(const std::string& url, int entries, int recorded) {
    const auto response = Post("/bulk-visits", BulkBody(url, entries));
    EXPECT_EQ(response.status, 200) << response.body;
    const Json answer = Json::Parse(response.body);
    EXPECT_EQ(answer["status"].str(), "recorded");
    EXPECT_EQ(answer["visits_recorded"].number(), recorded) << response.body;
    EXPECT_EQ(answer["visits_rejected"].number(), entries - recorded) << response.body;
  }

  int64_t Total(const std::string& url) { return GetJson("/stats/" + Encoded(url))["total_visits"].number(); }
};

TEST_F(RateLimit, VisitAdmitsTen) {
  for (int i = 0; i < 10; ++i) EXPECT_EQ(Visit(Page()).status, 200) << i;
  ExpectRefused(Visit(Page()));
  EXPECT_EQ(Total(Page()), 10);
}

TEST_F(RateLimit, VisitRootAndPixelShareTheTen) {
  for (int i = 0; i < 4; ++i) EXPECT_EQ(Visit(Page()).status, 200);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Get("/?url=" + Encoded(Page())).status, 200);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Get("/pixel.gif?url=" + Encoded(Page())).status, 200);
  ExpectRefused(Visit(Page()));
  ExpectRefused(Get("/?url=" + Encoded(Page())));
  ExpectPixel(Get("/pixel.gif?url=" + Encoded(Page())), 429);
  EXPECT_EQ(Total(Page()), 10);
}

TEST_F(RateLimit, BulkRecordsTwentyAndRejectsTheRest) {
  ExpectBulk(Page(), 25, 20);
  ExpectBulk(Page(), 3, 0);
  EXPECT_EQ(Total(Page()), 20);
  const std::string mixed = "[" + VisitBody(Page()) + "," + VisitBody(Page("free")) + "," + VisitBody(Page()) + "]";
  const Json answer = Json::Parse(Post("/bulk-visits", mixed).body);
  EXPECT_EQ(answer["visits_recorded"].number(), 1);
  EXPECT_EQ(answer["visits_rejected"].number(), 2);
  EXPECT_EQ(Total(Page("free")), 1);
}

TEST_F(RateLimit, BothLimitsSeeEachOthersVisits) {
  for (int i = 0; i < 10; ++i) EXPECT_EQ(Visit(Page("a")).status, 200);
  ExpectBulk(Page("a"), 20, 10);
  EXPECT_EQ(Total(Page("a")), 20);

  ExpectBulk(Page("b"), 9, 9);
  EXPECT_EQ(Visit(Page("b")).status, 200);
  ExpectRefused(Visit(Page("b")));
  ExpectBulk(Page("b"), 20, 10);
}

TEST_F(RateLimit, ARefusedVisitDoesNotCount) {
  for (int i = 0; i < 10; ++i) EXPECT_EQ(Visit(Page()).status, 200);
  for (int i = 0; i < 15; ++i) ExpectRefused(Visit(Page()));
  ExpectBulk(Page(), 10, 10);
  EXPECT_EQ(Total(Page()), 20);
}

TEST_F(RateLimit, IsPerCanonicalUrl) {
  const std::string page = "https://limit.example/a";
  for (const char* spelling : {"https://limit.example/a", "HTTPS://LIMIT.example/a", "https://limit.example:443/a",
                               "https://limit.example/./a", "https://limit.example/%61", "https://limit.example/a#1",
                               "https://limit.example/a#2", "https://limit.example/b/../a", "https://limit.example/a#",
                               "https://limit.EXAMPLE/a"}) {
    EXPECT_EQ(Visit(spelling).status, 200) << spelling;
  }
  ExpectRefused(Visit(page));
  EXPECT_EQ(Visit(page + "?").status, 200);
  EXPECT_EQ(Visit("http://limit.example/a").status, 200);
}

TEST_F(RateLimit, IsPerAddress) {
  ExpectBulk(Page(), 10, 10);
  ExpectRefused(Visit(Page()));
  HttpClient other = ClientAt(OtherAddress());
  EXPECT_EQ(Send(other, {.method = "POST", .target = "/visit", .headers = kJsonBody, .body = VisitBody(Page())}).status,
            200);
}

TEST_F(RateLimit, AClientSentForwardedHeaderChangesNothing) {
  for (int i = 0; i < 10; ++i) {
    const std::string forged = "203.0.113." + std::to_string(i);
    const auto response = Visit(Page(), {"X-Forwarded-For: " + forged, "X-Real-IP: " + forged});
    EXPECT_EQ(Json::Parse(response.body)["ip"].str(), address());
  }
  ExpectRefused(Visit(Page(), {"X-Forwarded-For: 203.0.113.99", "Forwarded: for=203.0.113.99"}));
}

TEST_F(RateLimit, ValidationComesFirst) {
  ExpectBulk(Page(), 20, 20);
  ExpectInvalid(Post("/bulk-visits", "[" + VisitBody(Page()) + R"(,{"url":"bad"}])"), R"(["body",1,"url"])");
  ExpectError(Post("/visit", VisitBody(Page()), {"Content-Type: text/html"}), 415);
  ExpectError(Post("/visit", VisitBody(Page()) + std::string(20000, ' ')), 413);
  EXPECT_EQ(Get("/visit").status, 405);
  std::string many = "[";
  for (int i = 0; i < 101; ++i) many += (i == 0 ? "" : ",") + VisitBody(Page());
  ExpectError(Post("/bulk-visits", many + "]"), 400, "Too many visits in bulk request (max 100)");
}

TEST_F(RateLimit, RetryAfterCountsFromTheOldestVisit) {
  ExpectBulk(Page(), 10, 10);
  const auto response = Visit(Page());
  ExpectRefused(response);
  EXPECT_GE(std::atoi(response.Header("Retry-After").c_str()), 58);
}

TEST_F(RateLimit, InvalidVisitsDoNotCount) {
  for (int i = 0; i < 12; ++i) {
    EXPECT_EQ(Post("/bulk-visits", "[" + VisitBody(Page()) + R"(,{"url":"bad"}])").status, 422);
  }
  ExpectBulk(Page(), 20, 20);
}

}  // namespace
}  // namespace page_count::e2e
