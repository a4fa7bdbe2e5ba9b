#include <string>
#include <utility>
#include <vector>

#include "tests/e2e/raw_http.h"
#include "tests/e2e/service_test.h"

namespace page_count::e2e {
namespace {

class Guard : public ServiceTest {
 protected:
  static constexpr const char* kPrivate[] = {
      "/summary", "/stats",        "/stats/", "/stats/https://e2e.example/", "/all-visits", "/all-visits?format=csv",
      "/query",   "/query?by=page"};

  static void ExpectLocked(const HttpResponse& response) {
    ExpectError(response, 401);
    EXPECT_TRUE(response.Header("WWW-Authenticate").starts_with("Basic")) << response.Header("WWW-Authenticate");
  }
};

TEST_F(Guard, LetsLoopbackInUnderALocalHost) {
  const std::string port = std::to_string(service().http_port());
  for (const std::string& host : {std::string("localhost"), "localhost:" + port, std::string("127.0.0.1"),
                                  std::string("127.0.0.1:9"), std::string("[::1]"), "[::1]:" + port}) {
    EXPECT_EQ(Get("/summary", {"Host: " + host}).status, 200) << host;
  }
}

TEST_F(Guard, AForeignHostIsNotLocal) {
  for (const char* host : {"pages.example", "localhost.pages.example", "127.0.0.1.pages.example", "127.0.0.2",
                           "0.0.0.0", "xlocalhost", "[::2]", "2130706433", "localhost.pages.example:80"}) {
    SCOPED_TRACE(host);
    for (const char* target : kPrivate) ExpectLocked(Get(target, {std::string("Host: ") + host}));
    ExpectLocked(
        Send({.method = "DELETE", .target = "/cleanup?days=1", .headers = {std::string("Host: ") + host}, .body = {}}));
  }
  ExpectLocked(RawExchange(service().http_port(), "GET /summary HTTP/1.0\r\n\r\n"));
}

TEST_F(Guard, AForwardedRequestIsNotLocal) {
  for (const char* header : {"X-Forwarded-For: 127.0.0.1", "X-Real-IP: 127.0.0.1", "Forwarded: for=127.0.0.1",
                             "Via: 1.1 proxy", "X-Forwarded-For: 203.0.113.9"}) {
    SCOPED_TRACE(header);
    for (const char* target : kPrivate) ExpectLocked(Get(target, {header}));
    ExpectLocked(Send({.method = "DELETE", .target = "/cleanup?days=1", .headers = {header}, .body = {}}));
  }
}

TEST_F(Guard, CredentialsOpenItFromEverywhere) {
  const std::string right = BasicCredentials("admin", service().admin_password());
  for (const char* target : {"/summary", "/stats", "/stats/https://e2e.example/", "/all-visits"}) {
    EXPECT_EQ(Get(target, {"Host: pages.example", right}).status, 200) << target;
    EXPECT_EQ(Get(target, {"X-Forwarded-For: 203.0.113.9", right}).status, 200) << target;
  }
  const HttpRequest cleanup{.method = "DELETE", .target = "/cleanup", .headers = {"Via: 1.1 proxy", right}, .body = {}};
  EXPECT_EQ(Send(cleanup).status, 200);
}

TEST_F(Guard, WrongCredentialsDoNot) {
  for (const std::string& wrong :
       {BasicCredentials("admin", "wrong"), BasicCredentials("admin", ""),
        BasicCredentials("", service().admin_password()), BasicCredentials("root", service().admin_password()),
        std::string("Authorization: Basic !!!"), "Authorization: Bearer " + service().admin_password()}) {
    SCOPED_TRACE(wrong);
    ExpectLocked(Get("/summary", {"Host: pages.example", wrong}));
  }
}

TEST_F(Guard, PublicEndpointsAndPagesAreOpenToAll) {
  const Headers stranger = {"Host: pages.example", "X-Forwarded-For: 203.0.113.9"};
  EXPECT_EQ(Visit(Page(), stranger).status, 200);
  EXPECT_EQ(Post("/bulk-visits", BulkBody(Page(), 1), {"Host: pages.example"}).status, 200);
  std::vector<std::string> open = {"/?url=" + Encoded(Page()), "/pixel.gif?url=" + Encoded(Page()), "/health",
                                   "/robots.txt"};
  if (Service::HasPages()) open.insert(open.end(), {"/docs", "/redoc", "/openapi.json"});
  for (const std::string& target : open) EXPECT_EQ(Get(target, stranger).status, 200) << target;
}

TEST_F(Guard, NoSpellingOfThePathGoesAroundIt) {
  ASSERT_EQ(Visit(Page("secret")).status, 200);
  for (const char* target : {"/%73ummary",
                             "/summar%79",
                             "//summary",
                             "/./summary",
                             "/health/../summary",
                             "/health/..%2fsummary",
                             "/health/%2e%2e/summary",
                             "/pixel.gif/..%2f..%2fsummary",
                             "/robots.txt/%2e%2e/summary",
                             "/docs/../summary",
                             "/docs/..%2Fall-visits",
                             "/docs/%2e%2e%2fall-visits",
                             "/visit/../all-visits",
                             "/%2e%2e/summary",
                             "/..%2fsummary",
                             "/summary/",
                             "/SUMMARY",
                             "/summary%00",
                             "/summary%2f",
                             "/summary;x",
                             "/summary%20",
                             "/summary%3Fhours=1",
                             "/summary/../summary",
                             "/x/%2e%2e/stats/https://e2e.example/",
                             "/stats/../summary",
                             "/stats%2fhttps://h/",
                             "/stats/%2e%2e/summary",
                             "/stats/https://h/../../../all-visits",
                             "/openapi.json/../all-visits",
                             "/redoc/..%5c..%5csummary",
                             "/..%c0%afsummary",
                             "/%252e%252e/summary",
                             "/\\..\\summary"}) {
    SCOPED_TRACE(target);
    const auto response = Get(target, {"Host: pages.example"});
    EXPECT_GE(response.status, 400);
    EXPECT_LT(response.status, 500);
    EXPECT_EQ(response.body.find("secret"), std::string::npos);
    EXPECT_EQ(response.body.find("total_"), std::string::npos);
  }
}

TEST_F(Guard, ARouteIsChosenByThePathThatNginxMatched) {
  ASSERT_EQ(Visit(Page()).status, 200);
  const auto count = StoredVisits();
  const auto around =
      Send({.method = "DELETE", .target = "/cleanup/../health?days=1", .headers = {"Host: pages.example"}, .body = {}});
  EXPECT_EQ(around.status, 405);
  const auto escaped = Send(
      {.method = "DELETE", .target = "/health/%2e%2e/cleanup?days=1", .headers = {"Host: pages.example"}, .body = {}});
  EXPECT_EQ(escaped.status, 401);
  EXPECT_EQ(StoredVisits(), count);
}

}  // namespace
}  // namespace page_count::e2e
