#include <string>

#include "tests/e2e/service_test.h"

namespace page_count::e2e {
namespace {

// Send holds every answer against the CORS rules: here are the requests that must meet them.
class Cors : public ServiceTest {
 protected:
  HttpResponse Preflight(const std::string& path, const char* method = "POST") {
    return Send({.method = "OPTIONS",
                 .target = path,
                 .headers = {"Origin: https://shop.example", std::string("Access-Control-Request-Method: ") + method,
                             "Access-Control-Request-Headers: content-type"},
                 .body = {}});
  }
};

TEST_F(Cors, PublicEndpointsLetEveryOriginRead) {
  const Headers origin = {"Origin: https://shop.example", "Cookie: a=b"};
  EXPECT_EQ(Get("/?url=" + Encoded(Page()), origin).status, 200);
  EXPECT_EQ(Get("/pixel.gif?url=" + Encoded(Page()), origin).status, 200);
  EXPECT_EQ(Get("/health", origin).status, 200);
  EXPECT_EQ(Visit(Page(), origin).status, 200);
  EXPECT_EQ(Post("/bulk-visits", BulkBody(Page(), 1)).status, 200);
}

TEST_F(Cors, ErrorsOfPublicEndpointsCanBeReadToo) {
  EXPECT_EQ(Get("/?url=bad").status, 400);
  EXPECT_EQ(Get("/").status, 422);
  EXPECT_EQ(Get("/pixel.gif").status, 422);
  EXPECT_EQ(Post("/visit", "{").status, 422);
  EXPECT_EQ(Post("/bulk-visits", "{").status, 422);
  EXPECT_EQ(Get("/visit").status, 405);
  EXPECT_EQ(Get("/bulk-visits").status, 405);
  EXPECT_EQ(Post("/health", "").status, 405);
  EXPECT_EQ(Post("/visit", std::string(20000, ' ')).status, 413);
  EXPECT_EQ(Post("/bulk-visits", std::string(1200000, ' ')).status, 413);
  EXPECT_EQ(Post("/visit", VisitBody(Page()), {"Content-Type: text/html"}).status, 415);
  EXPECT_EQ(Post("/bulk-visits", BulkBody(Page(), 10)).status, 200);
  EXPECT_EQ(Visit(Page()).status, 429);
}

TEST_F(Cors, PublicEndpointsAnswerPreflights) {
  for (const char* path : {"/", "/visit", "/bulk-visits", "/pixel.gif", "/health"}) {
    SCOPED_TRACE(path);
    const auto response = Preflight(path);
    EXPECT_EQ(response.status, 204);
    EXPECT_EQ(response.body, "");
    EXPECT_EQ(response.Header("Access-Control-Allow-Methods"), "GET, POST, OPTIONS");
    EXPECT_EQ(response.Header("Access-Control-Allow-Headers"), "Content-Type");
    EXPECT_EQ(response.Header("Access-Control-Max-Age"), "86400");
  }
  EXPECT_EQ(Preflight("/?url=" + Encoded(Page())).status, 204);
  EXPECT_EQ(GetJson("/stats/" + Page())["total_visits"].number(), 0);
}

TEST_F(Cors, OtherEndpointsSendNoCorsHeaders) {
  for (const char* path : {"/summary", "/stats", "/stats/https://e2e.example/", "/all-visits", "/cleanup", "/docs",
                           "/redoc", "/openapi.json", "/robots.txt", "/nothing"}) {
    SCOPED_TRACE(path);
    for (const auto& response : {Get(path, {"Origin: https://shop.example"}), Preflight(path, "GET")}) {
      for (const auto& [name, value] : response.headers) {
        EXPECT_NE(name.substr(0, 14), "Access-Control") << name << ": " << value;
      }
    }
    EXPECT_GE(Preflight(path, "GET").status, 400);
  }
}

}  // namespace
}  // namespace page_count::e2e
