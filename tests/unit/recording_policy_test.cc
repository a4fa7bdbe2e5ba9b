#include "worker/endpoints/recording_policy.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/unit/endpoint_fixture.h"
#include "tests/unit/temporary_folder.h"

namespace page_count {
namespace {

using Strings = std::vector<std::string>;

class RecordingPolicyTest : private TemporaryFolder, public EndpointTest {
 protected:
  RecordingPolicyTest() : EndpointTest(MakePolicy(File("counters"))) {}

  static std::shared_ptr<const RecordingPolicy> MakePolicy(const std::string& counters) {
    const PageRules::Values values{
        .strip_parameters = {"utm_*", "sid"}, .strip_trailing_slash = true, .strip_index = true, .sites = {"h", "*.h"}};
    RecordingPolicy::Rules rules{*PageRules::Make(values), *CidrList::Parse("198.51.100.0/24, 2001:db8::/32"), true};
    return std::make_shared<RecordingPolicy>(std::move(rules), std::make_unique<SharedCounters>(counters, 1'000));
  }

  // A request of each way to record a visit.
  static std::vector<Request> RequestsFor(const std::string& url) {
    static std::string query;
    query = "url=" + url;
    return {{.method = "POST", .path = "/visit", .body = R"({"url":")" + url + R"("})"},
            {.method = "GET", .path = "/", .query = query},
            {.method = "GET", .path = "/pixel.gif", .query = query},
            {.method = "GET", .path = "/", .query = query, .accept = "image/png"},
            {.method = "POST", .path = "/bulk-visits", .body = R"([")" + url + R"("])"}};
  }
  static bool IsPixel(const Response& response) { return response.content_type == "image/gif"; }
  // "opted-out address other-site"
  std::string NotCounted() {
    const std::string body = Get("/stats").body;
    return body.substr(std::min(body.find("\"not_counted\""), body.size()));
  }
};

TEST_F(RecordingPolicyTest, AVisitCountsForThePageThatTheRulesName) {
  const Response response = Post("/visit", R"({"url": "https://h/a/index.html/?b=1&utm_source=letter&sid=5"})");
  EXPECT_EQ(response.body.substr(0, response.body.find(',')), R"({"url":"https://h/a?b=1")");
  Get("/", "url=https://h/a/%3Fsid=7");
  Get("/pixel.gif", "url=https://h/a/%3Fsid=7%26b=2");
  Post("/bulk-visits", R"(["https://h/?utm_term=x", {"url": "https://h/index.php?utm_term=x"}])");
  EXPECT_EQ(store_.committed,
            (Strings{"https://h/a?b=1", "https://h/a", "https://h/a?b=2", "https://h/", "https://h/"}));
}

TEST_F(RecordingPolicyTest, TheCampaignIsReadBeforeItsParametersGo) {
  const auto recorded = std::get<RecordVisits>(
      Ask({.method = "GET", .path = "/", .query = "url=https://h/%3Futm_source=letter", .client_ip = kIp}));
  EXPECT_EQ(recorded.visits.front().url.text(), "https://h/");
  EXPECT_EQ(recorded.visits.front().source, " source=letter");
}

TEST_F(RecordingPolicyTest, VisitsToOnePageShareItsLimit) {
  for (int i = 0; i < 10; ++i) EXPECT_EQ(Get("/", "url=https://h/a%3Fsid=" + std::to_string(i)).status, 200);
  EXPECT_EQ(Get("/", "url=https://h/a%3Fsid=x").status, 429);
}

TEST_F(RecordingPolicyTest, LookUpsAreOfThePageThatAUrlCountsFor) {
  const Filters page{std::vector<std::string>{"https://h/a"}};
  for (const auto& [path, query] :
       std::vector<std::pair<std::string, std::string>>{{"/stats/https://h/a/", ""},
                                                        {"/stats", "url=https://h/a%3Fsid=1"},
                                                        {"/query", "page=https://h/a/index.html"}}) {
    store_.inquiry.reset();
    EXPECT_EQ(Get(path, query).status, 200) << path;
    ASSERT_TRUE(store_.inquiry) << path;
    EXPECT_EQ(store_.inquiry->questions.front().filters, page) << path;
  }
}

TEST_F(RecordingPolicyTest, AVisitToAnotherSiteIsRefusedAndCostsNothing) {
  for (const Request& request : RequestsFor("https://other.example/")) {
    const Response response = Handle(request);
    EXPECT_EQ(response.status, 403) << request.path;
    if (IsPixel(response)) continue;
    EXPECT_EQ(response.body, R"({"detail":"This site is not counted here"})") << request.path;
  }
  for (const Request& request : RequestsFor("https://sub.h/")) EXPECT_EQ(Handle(request).status, 200) << request.path;
  EXPECT_EQ(store_.committed.size(), 5U);
  EXPECT_EQ(limiter_.VisitsCounted(), 5U);
  EXPECT_EQ(NotCounted(),
            R"("not_counted":{"since":"1970-01-01 00:00:01","opted-out":"0","address":"0","other-site":"5"}})");
}

TEST_F(RecordingPolicyTest, OfAListTheEntriesOfOtherSitesAreRejected) {
  EXPECT_EQ(Post("/bulk-visits", R"(["https://o/", "https://h/", "https://o/2"])").body,
            R"({"status":"recorded","visits_recorded":1,"visits_rejected":2,"ip":"192.0.2.1"})");
  EXPECT_EQ(store_.committed, Strings{"https://h/"});
  EXPECT_EQ(Post("/bulk-visits", "[]").status, 200);
}

TEST_F(RecordingPolicyTest, WhoOptsOutIsNotCounted) {
  for (const auto header : {&Request::global_privacy_control, &Request::do_not_track}) {
    for (Request request : RequestsFor("https://h/")) {
      request.*header = "1";
      const Response response = Handle(request);
      EXPECT_EQ(response.status, 200) << request.path;
      if (IsPixel(response)) continue;
      EXPECT_EQ(response.body,
                request.path == "/bulk-visits"
                    ? R"({"status":"ignored","reason":"opted-out","visits_recorded":0,"visits_rejected":0,)"
                      R"("visits_ignored":1,"ip":"192.0.2.1"})"
                    : R"({"status":"ignored","reason":"opted-out"})");
    }
    Request other = {.method = "GET", .path = "/", .query = "url=https://h/"};
    other.*header = "0";
    EXPECT_NE(Handle(other).body.find("recorded"), std::string::npos);
  }
  EXPECT_EQ(store_.committed.size(), 2U);
  EXPECT_EQ(limiter_.VisitsCounted(), 2U);
  EXPECT_NE(NotCounted().find(R"("opted-out":"10","address":"0")"), std::string::npos) << NotCounted();
}

TEST_F(RecordingPolicyTest, AddressesThatAreIgnoredAreNotCounted) {
  for (const std::string_view ip : {"198.51.100.7", "2001:db8::1"}) {
    const Response response = Handle({.method = "GET", .path = "/", .query = "url=https://h/", .client_ip = ip});
    EXPECT_EQ(response.body, R"({"status":"ignored","reason":"address"})");
  }
  EXPECT_EQ(Get("/", "url=bad").status, 400) << "what is invalid is so for everybody";
  EXPECT_TRUE(store_.committed.empty());
  EXPECT_NE(NotCounted().find(R"("address":"2")"), std::string::npos) << NotCounted();
}

class WithoutPolicy : public EndpointTest {};

TEST_F(WithoutPolicy, EveryVisitCountsForThePageThatItNames) {
  Handle({.method = "GET",
          .path = "/",
          .query = "url=https://h/a/index.html%3Futm_source=x",
          .global_privacy_control = "1",
          .do_not_track = "1"});
  EXPECT_EQ(store_.committed, Strings{"https://h/a/index.html?utm_source=x"});
  EXPECT_EQ(Get("/stats").body.find("not_counted"), std::string::npos) << "the reference's members";
}

}  // namespace
}  // namespace page_count
