#include "worker/http/router.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace page_count {
namespace {

Router<Response>::Endpoint Says(const char* text) {
  return [text](const Request&) { return Ok(text); };
}

class RouterTest : public testing::Test {
 protected:
  RouterTest() {
    using enum PathRules::Visibility;
    using enum PathRules::Head;
    router_.Add({"/", kPublic, kNotAllowed}, {{"GET", Says("root")}});
    router_.Add({"/visit", kPublic, kNotAllowed}, {{"POST", Says("visit")}});
    router_.Add({"/health", kPublic, kAsGet}, {{"GET", Says("health")}});
    router_.Add({"/stats", kPrivate, kAsGet}, {{"GET", Says("site")}});
    router_.Add({"/stats/", kPrivate, kAsGet}, {{"GET", Says("page")}});
    router_.Add({"/both", kPrivate, kAsGet}, {{"GET", Says("read")}, {"DELETE", Says("deleted")}});
  }

  Response Handle(std::string_view method, std::string_view path) const {
    return router_.Handle({.method = method, .path = path});
  }
  // The body where it is 200, else the status.
  std::string Answer(std::string_view method, std::string_view path) const {
    const Response response = Handle(method, path);
    return response.status == 200 ? response.body : std::to_string(response.status);
  }
  std::string Allowed(std::string_view method, std::string_view path) const {
    const Response response = Handle(method, path);
    EXPECT_EQ(response.status, 405) << method << ' ' << path;
    EXPECT_EQ(response.body, R"({"detail":"Method Not Allowed"})");
    if (response.headers.size() != 1 || response.headers[0].first != "Allow") return "no Allow";
    return response.headers[0].second;
  }

  Router<Response> router_;
};

TEST_F(RouterTest, FindsAnEndpointByItsExactPath) {
  EXPECT_EQ(Answer("GET", "/"), "root");
  EXPECT_EQ(Answer("POST", "/visit"), "visit");
  EXPECT_EQ(Answer("GET", "/stats"), "site");
  for (const char* path :
       {"", "/visit/", "/visits", "/visi", "visit", "/VISIT", "//visit", "/health/", "/x", "//", "/?"}) {
    EXPECT_EQ(Answer("GET", path), "404") << path;
  }
}

TEST_F(RouterTest, AnswersJsonWhereThereIsNoEndpoint) {
  for (const char* method : {"GET", "POST", "OPTIONS", "HEAD"}) {
    const Response response = Handle(method, "/x");
    EXPECT_EQ(response.status, 404);
    EXPECT_EQ(response.body, R"({"detail":"Not Found"})");
    EXPECT_EQ(response.content_type, "application/json");
  }
}

TEST_F(RouterTest, FindsOneEndpointForAllPathsBelowIt) {
  EXPECT_EQ(Answer("GET", "/stats/"), "page");
  EXPECT_EQ(Answer("GET", "/stats/https:/h/a"), "page");
  EXPECT_EQ(Answer("GET", "/stats/stats/"), "page");
  EXPECT_EQ(Answer("GET", "/statsx/"), "404");
}

TEST_F(RouterTest, NamesTheMethodsOfAPath) {
  EXPECT_EQ(Allowed("POST", "/"), "GET, OPTIONS");
  EXPECT_EQ(Allowed("GET", "/visit"), "POST, OPTIONS");
  EXPECT_EQ(Allowed("DELETE", "/health"), "GET, HEAD, OPTIONS");
  EXPECT_EQ(Allowed("POST", "/stats"), "GET, HEAD");
  EXPECT_EQ(Allowed("PUT", "/stats/x"), "GET, HEAD");
  EXPECT_EQ(Allowed("POST", "/both"), "GET, HEAD, DELETE");
}

TEST_F(RouterTest, AllowsNoMethodThatItDoesNotKnow) {
  for (const char* method : {"", "get", "GETX", "GE", "TRACE", "PATCH", "CONNECT", "FOO"}) {
    EXPECT_EQ(Allowed(method, "/stats"), "GET, HEAD") << method;
  }
}

TEST_F(RouterTest, AnswersHeadAsGetWhereItIsAllowed) {
  EXPECT_EQ(Answer("HEAD", "/health"), "health");
  EXPECT_EQ(Answer("HEAD", "/stats/x"), "page");
  EXPECT_EQ(Allowed("HEAD", "/"), "GET, OPTIONS");
  EXPECT_EQ(Allowed("HEAD", "/visit"), "POST, OPTIONS");
}

TEST_F(RouterTest, AnswersPreflightsOfPublicPaths) {
  for (const char* path : {"/", "/visit", "/health"}) {
    const Response response = Handle("OPTIONS", path);
    EXPECT_EQ(response.status, 204) << path;
    EXPECT_EQ(response.body, "");
    EXPECT_EQ(response.content_type, "");
    const decltype(response.headers) expected = {{"Access-Control-Allow-Methods", "GET, POST, OPTIONS"},
                                                 {"Access-Control-Allow-Headers", "Content-Type"},
                                                 {"Access-Control-Max-Age", "86400"}};
    EXPECT_EQ(response.headers, expected);
  }
}

TEST_F(RouterTest, AnswersNoPreflightsOfPrivatePaths) {
  EXPECT_EQ(Allowed("OPTIONS", "/stats"), "GET, HEAD");
  EXPECT_EQ(Allowed("OPTIONS", "/stats/x"), "GET, HEAD");
}

}  // namespace
}  // namespace page_count
