#include <string>

#include "tests/e2e/raw_http.h"
#include "tests/e2e/service_test.h"

namespace page_count::e2e {
namespace {

class Edge : public ServiceTest {
 protected:
  static HttpResponse Raw(const std::string& bytes) { return RawExchange(service().http_port(), bytes); }
  HttpClient Secure(Protocol protocol) { return {service().https_port(), protocol, address()}; }
};

TEST_F(Edge, SpeaksHttp2OverTls) {
  HttpClient client = Secure(Protocol::kHttp2);
  const auto visit =
      Send(client, {.method = "POST", .target = "/visit", .headers = kJsonBody, .body = VisitBody(Page())});
  EXPECT_TRUE(visit.is_http2);
  EXPECT_EQ(visit.status, 200) << visit.body;
  EXPECT_EQ(Json::Parse(visit.body)["ip"].str(), address());
  const auto stats = Send(client, {.method = "GET", .target = "/stats/" + Page(), .headers = {}, .body = {}});
  EXPECT_TRUE(stats.is_http2);
  EXPECT_EQ(Json::Parse(stats.body)["total_visits"].number(), 1);
  const auto missing = Send(client, {.method = "GET", .target = "/nothing", .headers = {}, .body = {}});
  ExpectError(missing, 404, "Not Found");
}

TEST_F(Edge, SpeaksHttp1OverTls) {
  HttpClient client = Secure(Protocol::kHttps);
  const auto visit =
      Send(client, {.method = "POST", .target = "/visit", .headers = kJsonBody, .body = VisitBody(Page())});
  EXPECT_FALSE(visit.is_http2);
  EXPECT_EQ(visit.status, 200) << visit.body;
}

TEST_F(Edge, TheGuardAndTheBodyLimitHoldOverTlsToo) {
  HttpClient client = Secure(Protocol::kHttps);
  ExpectError(Send(client, {.method = "GET", .target = "/summary", .headers = {"Via: 1.1 proxy"}, .body = {}}), 401);
  ExpectError(
      Send(client, {.method = "POST", .target = "/visit", .headers = kJsonBody, .body = std::string(20000, ' ')}), 413);
}

TEST_F(Edge, ErrorsOfNginxItselfAreJson) {
  const std::string end = "\r\nHost: localhost\r\nConnection: close\r\n\r\n";
  const std::string long_header = "\r\nHost: localhost\r\nX-Long: " + std::string(70000, 'x') + "\r\n\r\n";
  for (const auto& [bytes, status] : std::vector<std::pair<std::string, int>>{
           {"GET /nothing HTTP/1.1" + end, 404},
           {"GET /visit%00 HTTP/1.1" + end, 400},
           {"GET /.. HTTP/1.1" + end, 400},
           {"GET /?url=%zz&" + std::string(70000, 'x') + " HTTP/1.1" + end, 414},
           {"GET / HTTP/1.1" + long_header, 400},
           {"GET / HTTP/1.1\r\nConnection: close\r\n\r\n", 400},
           {"GET / HTTP/1.1\r\nHost: a/b\r\nConnection: close\r\n\r\n", 400},
           {"POST /visit HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999\r\nConnection: close\r\n\r\n", 413},
           {"POST /visit HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\nConnection: close\r\n\r\n", 400},
           {"POST /visit HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: x\r\nConnection: close\r\n\r\n", 501},
           {"DELETE /robots.txt HTTP/1.1" + end, 405},
           {"TRACE / HTTP/1.1" + end, 405},
           {"GET / HTTP/3.7" + end, 505}}) {
    SCOPED_TRACE(bytes.substr(0, 60));
    const auto response = Raw(bytes);
    ExpectError(response, status);
    EXPECT_EQ(response.HeaderValues("X-Content-Type-Options"), std::vector<std::string>{"nosniff"});
    const std::string target = bytes.substr(bytes.find(' ') + 1);
    const bool is_public = target.starts_with("/ ") || target.starts_with("/?") || target.starts_with("/visit ");
    using Values = std::vector<std::string>;
    EXPECT_EQ(response.HeaderValues("Access-Control-Allow-Origin"), is_public ? Values{"*"} : Values{});
    EXPECT_EQ(response.HeaderValues("Cross-Origin-Resource-Policy"), is_public ? Values{"cross-origin"} : Values{});
    if (status == 405) {
      EXPECT_TRUE(response.HasHeader("Allow"));
      EXPECT_EQ(Json::Parse(response.body)["detail"].str(), "Method Not Allowed");
    }
  }
}

TEST_F(Edge, ThePagesAreReadOnly) {
  if (!Service::HasPages()) GTEST_SKIP() << "this build has no pages";
  for (const char* path : {"/docs", "/redoc", "/openapi.json"}) {
    for (const char* method : {"POST", "PUT", "DELETE"}) {
      SCOPED_TRACE(method + std::string(" ") + path);
      const auto response = Send({.method = method, .target = path, .headers = {}, .body = {}});
      ExpectError(response, 405, "Method Not Allowed");
      EXPECT_NE(response.Header("Allow").find("GET"), std::string::npos) << response.Header("Allow");
    }
  }
}

TEST_F(Edge, AnUnknownMethodGetsAClearAnswer) {
  for (const char* method : {"FOO", "PROPFIND", "LOCK", "COPY"}) {
    SCOPED_TRACE(method);
    ExpectError(Send({.method = method, .target = "/visit", .headers = {}, .body = {}}), 405, "Method Not Allowed");
  }
  ExpectError(Raw("foo / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"), 400);
}

TEST_F(Edge, PlainHttpOnTheTlsPortIsAnErrorInJson) {
  ExpectError(RawExchange(service().https_port(), "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"),
              400);
}

TEST_F(Edge, ABodyInChunksIsABody) {
  const std::string body = VisitBody(Page());
  char size[16];
  std::snprintf(size, sizeof size, "%zx", body.size());
  const auto response =
      Raw("POST /visit HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nConnection: close\r\n"
          "Transfer-Encoding: chunked\r\n\r\n" +
          std::string(size) + "\r\n" + body + "\r\n0\r\n\r\n");
  EXPECT_EQ(response.status, 200) << response.body;
  EXPECT_EQ(GetJson("/stats/" + Page())["total_visits"].number(), 1);
}

TEST_F(Edge, RobotsTxtDisallowsAll) {
  const auto response = Get("/robots.txt");
  EXPECT_EQ(response.status, 200);
  EXPECT_TRUE(response.Header("Content-Type").starts_with("text/plain"));
  EXPECT_EQ(response.body, "User-agent: *\nDisallow: /\n");
}

TEST_F(Edge, DocumentationIsServedUnderAPolicyAndLoadsNothingFromElsewhere) {
  if (!Service::HasPages()) GTEST_SKIP() << "this build has no pages";
  for (const char* target : {"/docs", "/redoc"}) {
    SCOPED_TRACE(target);
    const auto response = Get(target);
    ASSERT_EQ(response.status, 200);
    EXPECT_TRUE(response.Header("Content-Type").starts_with("text/html"));
    const std::string policy = response.Header("Content-Security-Policy");
    EXPECT_NE(policy.find("default-src"), std::string::npos) << policy;
    EXPECT_EQ(policy.find("http"), std::string::npos) << policy;
    for (const char* elsewhere : {"src=\"http", "href=\"http", "src=\"//", "href=\"//"}) {
      EXPECT_EQ(response.body.find(elsewhere), std::string::npos) << elsewhere;
    }
  }
}

TEST_F(Edge, OpenApiDescribesEveryEndpoint) {
  if (!Service::HasPages()) GTEST_SKIP() << "this build has no pages";
  const Json api = GetJson("/openapi.json");
  EXPECT_TRUE(api["openapi"].str().starts_with("3.1")) << api["openapi"].text();
  EXPECT_TRUE(api["paths"]["/visit"]["post"].exists());
  EXPECT_TRUE(api["paths"]["/bulk-visits"]["post"].exists());
  EXPECT_TRUE(api["paths"]["/cleanup"]["delete"].exists());
  for (const char* path : {"/", "/pixel.gif", "/summary", "/stats", "/stats/{url}", "/all-visits", "/health"}) {
    EXPECT_TRUE(api["paths"][path]["get"].exists()) << path;
  }
}

}  // namespace
}  // namespace page_count::e2e
