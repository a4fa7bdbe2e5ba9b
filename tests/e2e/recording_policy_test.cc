#include <string>
#include <vector>

#include "tests/e2e/service_test.h"

namespace page_count::e2e {
namespace {

class RecordingPolicy : public ServiceTest {
 protected:
  static void SetUpTestSuite() {
    StartService({.workers = 2,
                  .environment = {{"PAGE_COUNT_SITES", "*.e2e.example, e2e.example"},
                                  {"PAGE_COUNT_STRIP_PARAMETERS", "known, sid"},
                                  {"PAGE_COUNT_STRIP_INDEX", "true"},
                                  {"PAGE_COUNT_STRIP_TRAILING_SLASH", "true"},
                                  {"PAGE_COUNT_HONOR_OPT_OUT", "true"},
                                  {"PAGE_COUNT_IGNORE_ADDRESSES", std::string(kIgnored) + ", 2001:db8::/32"}},
                  .all_accept = true});
  }

  int64_t Total(const std::string& url) { return GetJson("/stats?url=" + Encoded(url))["total_visits"].number(); }
  int64_t NotCounted(const std::string& reason) { return std::stoll(GetJson("/stats")["not_counted"][reason].str()); }

  static constexpr const char* kIgnored = "127.77.0.0/16";
};

TEST_F(RecordingPolicy, VisitsAndLookUpsAreOfThePageThatAUrlCountsFor) {
  EXPECT_EQ(Json::Parse(Visit(Page("a/index.html") + "?sid=1&b=2&fbclid=x").body)["url"].str(), Page("a") + "?b=2");
  ExpectPixel(Get("/pixel.gif?url=" + Encoded(Page("a/") + "?utm_source=letter&b=2")), 200);
  EXPECT_EQ(Total(Page("a") + "?b=2"), 2);
  EXPECT_EQ(Total(Page("a/index.html") + "?b=2&utm_medium=x"), 2);
  const Json rows = GetJson("/query?by=source&page=" + Encoded(Page("a/") + "?b=2&sid=9"))["rows"];
  ASSERT_EQ(rows.size(), 2U) << rows.text();
  EXPECT_EQ(rows[1]["key"].str(), "letter");
}

TEST_F(RecordingPolicy, OtherSitesAreRefused) {
  const int64_t before = StoredVisits();
  const int64_t refused = NotCounted("other-site");
  ExpectError(Visit("https://other.example/"), 403, "This site is not counted here");
  ExpectError(Get("/?url=https://other.example/"), 403, "This site is not counted here");
  ExpectPixel(Get("/pixel.gif?url=https://other.example/"), 403);
  ExpectError(Post("/bulk-visits", R"(["https://other.example/"])"), 403, "This site is not counted here");
  const Json bulk = Json::Parse(Post("/bulk-visits", R"(["https://other.example/", ")" + Page() + R"("])").body);
  EXPECT_EQ(bulk["visits_recorded"].number(), 1);
  EXPECT_EQ(bulk["visits_rejected"].number(), 1);
  EXPECT_EQ(StoredVisits(), before + 1);
  EXPECT_EQ(NotCounted("other-site"), refused + 5) << "by all workers";
}

TEST_F(RecordingPolicy, WhoOptsOutIsIgnored) {
  for (const char* header : {"Sec-GPC: 1", "DNT: 1"}) {
    const int64_t before = NotCounted("opted-out");
    for (int i = 0; i < 12; ++i) {
      EXPECT_EQ(Post("/visit", VisitBody(Page()), {kJsonBody.front(), header}).body,
                R"({"status":"ignored","reason":"opted-out"})");
    }
    ExpectPixel(Get("/pixel.gif?url=" + Encoded(Page()), {header}), 200);
    EXPECT_EQ(NotCounted("opted-out"), before + 13);
  }
  EXPECT_EQ(Total(Page()), 0);
  EXPECT_EQ(Post("/visit", VisitBody(Page()), {kJsonBody.front(), "Sec-GPC: 0", "DNT: 0"}).status, 200);
  EXPECT_EQ(Total(Page()), 1);
}

TEST_F(RecordingPolicy, AddressesAreIgnored) {
  HttpClient ignored = ClientAt("127.77.1.2");
  const HttpResponse response =
      Send(ignored, {.method = "GET", .target = "/?url=" + Encoded(Page()), .headers = {}, .body = {}});
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, R"({"status":"ignored","reason":"address"})");
  EXPECT_EQ(Total(Page()), 0);
}

TEST_F(RecordingPolicy, APageThatIsPrerenderedIsRecorded) {
  ExpectPixel(Get("/pixel.gif?url=" + Encoded(Page()), {"Sec-Purpose: prefetch;prerender", "Purpose: prefetch"}), 200);
  EXPECT_EQ(Total(Page()), 1);
}

}  // namespace
}  // namespace page_count::e2e
