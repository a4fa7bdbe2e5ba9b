#include <string>
#include <vector>

#include "tests/e2e/raw_http.h"
#include "tests/e2e/service_test.h"

namespace page_count::e2e {
namespace {

// Input that no browser sends: each gets its clear error, nothing is recorded, nothing is lost.
class BadInput : public ServiceTest {
 protected:
  void SetUp() override {
    ServiceTest::SetUp();
    ASSERT_EQ(Visit(Page()).status, 200);
    before_ = StoredVisits();
  }

  void TearDown() override {
    EXPECT_EQ(StoredVisits(), before_);
    EXPECT_EQ(GetJson("/health")["status"].str(), "healthy");
    EXPECT_EQ(GetJson("/stats/" + Page())["total_visits"].number(), 1);
  }

  // 4xx and `detail`, be it a message or a list of validation errors.
  static void ExpectClientError(const HttpResponse& response) {
    EXPECT_GE(response.status, 400);
    EXPECT_LT(response.status, 500);
    EXPECT_TRUE(Json::Parse(response.body)["detail"].exists()) << response.body;
    EXPECT_EQ(response.body.find("SQLITE"), std::string::npos) << response.body;
    EXPECT_EQ(response.body.find("syntax error"), std::string::npos) << response.body;
  }

 private:
  int64_t before_ = 0;
};

TEST_F(BadInput, BodiesOverTheLimit) {
  ExpectError(Post("/visit", VisitBody(Page()) + std::string(17000, ' ')), 413);
  ExpectError(Post("/bulk-visits", BulkBody(Page(), 1) + std::string(1100000, ' ')), 413);
  ExpectError(Post("/visit", std::string(20'000'000, 'x')), 413);
  const auto chunked = RawExchange(service().http_port(),
                                   "POST /visit HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                                   "Transfer-Encoding: chunked\r\n\r\n8000\r\n" +
                                       std::string(0x8000, ' ') + "\r\n0\r\n\r\n");
  ExpectError(chunked, 413);
}

TEST_F(BadInput, Nesting) {
  const std::string deep(100000, '[');
  ExpectClientError(Post("/visit", deep));
  EXPECT_EQ(Post("/visit", deep.substr(0, 16000)).status, 422);
  EXPECT_EQ(Post("/bulk-visits", deep).status, 422);
  EXPECT_EQ(Post("/bulk-visits", deep + std::string(100000, ']')).status, 422);
  std::string objects;
  for (int i = 0; i < 100000; ++i) objects += "{\"a\":";
  EXPECT_EQ(Post("/bulk-visits", objects).status, 422);
  EXPECT_EQ(Post("/bulk-visits", "[{\"url\":\"" + Page() + "\",\"x\":" + deep + "}]").status, 422);
}

TEST_F(BadInput, InvalidJsonAndUtf8) {
  for (const std::string& body : {std::string("{\"url\":"), std::string("\xFF\xFE{\x00", 4), std::string("\xC3("),
                                  VisitBody(Page("\xF8")), VisitBody(Page()).substr(1), std::string(1000, '\xFF')}) {
    EXPECT_EQ(Post("/visit", body).status, 422);
    EXPECT_EQ(Post("/bulk-visits", body).status, 422);
  }
  ExpectClientError(Get("/?url=" + Page() + "%FF%C0%AF"));
  ExpectClientError(Get("/all-visits?since=%FF"));
  ExpectClientError(Get("/summary?hours=%FF"));
  ExpectClientError(Get("/stats/%FF%FE"));
}

TEST_F(BadInput, NulBytes) {
  EXPECT_EQ(Post("/visit", std::string("\0", 1)).status, 422);
  EXPECT_EQ(Post("/visit", VisitBody(Page()) + std::string("\0", 1)).status, 422);
  EXPECT_EQ(Post("/visit", VisitBody(Page() + std::string("\0", 1))).status, 422);
  EXPECT_EQ(Post("/visit", "{\"url\": \"" + Page() + "\\u0000\"}").status, 422);
  EXPECT_EQ(Post("/visit", "{\"url\": \"" + Page() + "\\u0000x\"}").status, 422);
  EXPECT_EQ(Post("/bulk-visits", "[\"" + Page() + "\\u0000\"]").status, 422);
  ExpectError(Get("/?url=" + Page() + "%00"), 400, "Invalid URL format");
  ExpectClientError(Get("/stats/https://h/%00"));
  ExpectClientError(Get("/%00"));
  ExpectClientError(Get("/summary?hours=1%00"));
  ExpectClientError(Get("/all-visits?format=csv%00"));
}

TEST_F(BadInput, SqlInEveryParameter) {
  for (const char* sql : {"1; drop table visit; --", "' or '1'='1", "\"; delete from visit; --", "1 union select 1",
                          "0) or (1=1", "'; vacuum; --"}) {
    SCOPED_TRACE(sql);
    for (const char* target :
         {"/summary?hours=", "/summary?limit=", "/stats?limit=", "/stats/http://h/?hours=", "/all-visits?since=",
          "/all-visits?start_date=", "/all-visits?end_date=", "/all-visits?range=", "/all-visits?limit=",
          "/all-visits?offset=", "/all-visits?format=", "/?url=", "/stats/"}) {
      SCOPED_TRACE(target);
      ExpectClientError(Get(target + Encoded(sql)));
    }
    ExpectClientError(Send({.method = "DELETE", .target = "/cleanup?days=" + Encoded(sql), .headers = {}, .body = {}}));
    EXPECT_EQ(Visit(sql).status, 422);
  }
  EXPECT_EQ(GetJson("/stats/" + Encoded("https://h.example/'or'1'='1"))["total_visits"].number(), 0);
}

TEST_F(BadInput, AQueryOf64KiB) {
  const std::string long_value(65'536, 'a');
  ExpectClientError(Get("/?url=https://h.example/" + long_value));
  ExpectClientError(Get("/summary?hours=" + long_value));
  ExpectClientError(Get("/stats/https://h.example/" + long_value));
}

TEST_F(BadInput, AUrlOf8193Bytes) {
  const std::string prefix = "https://h.example/";
  const std::string url = prefix + std::string(8193 - prefix.size(), 'a');
  ExpectInvalid(Visit(url), R"(["body","url"])");
  ExpectInvalid(Post("/bulk-visits", BulkBody(url, 1)), R"(["body",0,"url"])");
  ExpectError(Get("/?url=" + url), 400, "Invalid URL format");
  ExpectPixel(Get("/pixel.gif", {"Referer: " + url}), 400);
  ExpectError(Get("/stats/" + url), 400, "Invalid URL format");
}

TEST_F(BadInput, HoursOutOfRange) {
  for (const char* hours : {"-1", "1e9", "0", "87601", "-9223372036854775808", "18446744073709551617"}) {
    ExpectInvalid(Get(std::string("/summary?hours=") + hours), R"(["query","hours"])");
    ExpectInvalid(Get(std::string("/stats/https://h.example/?hours=") + hours), R"(["query","hours"])");
  }
}

TEST_F(BadInput, DatesThatDoNotExist) {
  for (const char* date : {"2025-02-30", "2025-02-29", "2025-04-31", "2025-13-01", "0000-00-00", "2025-09-14T24:00:00",
                           "2025-09-14T23:60:00", "2025-09-14T23:59:60"}) {
    for (const char* name : {"since", "start_date", "end_date"}) {
      ExpectInvalid(Get("/all-visits?" + std::string(name) + "=" + date), std::string(R"(["query",")") + name + "\"]");
    }
  }
}

TEST_F(BadInput, UnknownMethods) {
  for (const char* method : {"FOO", "PUT", "PATCH", "LOCK", "DELETE"}) {
    for (const char* target : {"/visit", "/bulk-visits", "/", "/pixel.gif", "/summary", "/all-visits"}) {
      SCOPED_TRACE(method + std::string(" ") + target);
      const auto response = Send({.method = method, .target = target, .headers = {}, .body = VisitBody(Page())});
      ExpectError(response, 405, "Method Not Allowed");
      EXPECT_TRUE(response.HasHeader("Allow"));
    }
  }
}

TEST_F(BadInput, HeadersOfEverySize) {
  const std::string agent = "User-Agent: " + std::string(7000, 'u');
  EXPECT_EQ(Visit(Page("\x7F"), {agent}).status, 422);
  ExpectClientError(Get("/", {"X-Long: " + std::string(60000, 'x')}));
  ExpectPixel(Get("/pixel.gif", {"Referer: " + std::string(6000, 'r')}), 400);
}

}  // namespace
}  // namespace page_count::e2e
