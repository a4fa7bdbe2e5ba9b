#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/unit/endpoint_fixture.h"

namespace page_count {
namespace {

using std::chrono::hours;

class AnalyticsEndpointsTest : public EndpointTest {
 protected:
  void Keep(const std::string& url, const std::string& ip, std::chrono::seconds ago) {
    store_.kept.push_back({url, ip, "agent", now_ - ago});
  }
};

TEST_F(AnalyticsEndpointsTest, CountFromTheSecondOfTheWindowsStart) {
  for (const char* path : {"/summary", "/stats/https://h/"}) {
    const auto window = [&](std::string_view parameters) {
      store_.inquiry.reset();
      const Response response = Handle({.method = "GET", .path = path, .target = path, .query = parameters});
      return store_.inquiry ? FormatSpaced(store_.inquiry->newest->range.from) : std::to_string(response.status);
    };
    EXPECT_EQ(window(""), "2025-09-13 10:30:00") << path;
    EXPECT_EQ(window("hours=1"), "2025-09-14 09:30:00") << path;
    EXPECT_EQ(window("hours=87600"), "2015-09-17 10:30:00") << path;
    for (const char* query : {"hours=0", "hours=-1", "hours=1e9", "hours=87601", "hours=1.5", "hours=", "hours"}) {
      EXPECT_EQ(window(query), "422") << path << "?" << query;
    }
  }
}

TEST_F(AnalyticsEndpointsTest, PrintTheSummary) {
  Keep("https://h/", "192.0.2.2", hours(30));
  Keep("https://h/", "192.0.2.1", hours(29));
  Keep("https://i/", "192.0.2.1", hours(28));
  Keep("https://h/", "192.0.2.1", hours(0));
  const std::string first =
      R"({"data":{"https://h/":{"total_visits":3,"unique_ips":2,"by_hour":{"2025-09-14 10:00:00":1},)"
      R"("user_agents":{"agent":1},"recent_visits":[{"ip":"192.0.2.1","user_agent":"agent",)"
      R"("timestamp":"2025-09-14T10:30:00"}]})";
  const std::string second =
      R"(,"https://i/":{"total_visits":1,"unique_ips":1,"by_hour":{},"user_agents":{},"recent_visits":[]})";
  const std::string rest =
      R"(},"total_entries":4,"date_range":{"earliest":"2025-09-13T04:30:00","latest":"2025-09-14T10:30:00"}})";
  EXPECT_EQ(Get("/summary").body, first + second + rest);
  EXPECT_EQ(Get("/summary", "limit=1").body, first + rest);
  EXPECT_EQ(Get("/summary", "limit=0").body, R"({"data":{)" + rest);
}

TEST_F(AnalyticsEndpointsTest, PrintASummaryOfNothing) {
  EXPECT_EQ(Get("/summary").body, R"({"data":{},"total_entries":0,"date_range":null})");
}

TEST_F(AnalyticsEndpointsTest, PrintALargeSummaryInPieces) {
  for (const char* page : {"a", "b", "c"}) Keep(page + std::string(100'000, 'u'), "192.0.2.1", hours(25));
  const auto job = std::get<BackgroundJob>(Ask({.method = "GET", .path = "/summary"}));
  const auto response = std::get<StreamedResponse>(job.run(store_));
  std::vector<size_t> sizes;
  for (bool has_more = true; has_more;) {
    std::string piece;
    has_more = response.next_chunk(store_, piece);
    sizes.push_back(piece.size());
  }
  ASSERT_EQ(sizes.size(), 3U);
  for (const size_t size : sizes) EXPECT_LT(size, 110'000U);
}

TEST_F(AnalyticsEndpointsTest, PrintTheSite) {
  for (int i = 0; i < 1'234; ++i) {
    Keep(i < 5 ? "https://i/" : "https://h/", "192.0.2." + std::to_string(i % 56), hours(2));
  }
  const std::string body = Get("/stats").body;
  const std::string figures =
      R"({"total_visits":"1,234","unique_visitors":"56","popular_pages":{"https://h/":"1,229","https://i/":"5"},)"
      R"("recent_visits":[{"url":"https://h/","ip":"192.0.2.1","timestamp":"2025-09-14 08:30:00"},)";
  EXPECT_EQ(body.substr(0, figures.size()), figures);
  EXPECT_EQ(store_.inquiry->newest->limit, 10U);
  EXPECT_EQ(store_.inquiry->questions.back().limit, 100U);
  Get("/stats", "limit=7");
  EXPECT_EQ(store_.inquiry->questions.back().limit, 7U);
  EXPECT_EQ(Get("/stats", "limit=-1").status, 422);
}

TEST_F(AnalyticsEndpointsTest, PrintAPage) {
  Keep("https://h/", "192.0.2.2", hours(30));
  Keep("https://h/", "192.0.2.1", hours(29));
  Keep("https://h/", "192.0.2.1", hours(0));
  const Response response =
      Handle({.method = "GET", .path = "/stats/https:/H", .target = "/stats/https://H", .query = ""});
  EXPECT_EQ(response.body,
            R"({"url":"https://h/","total_visits":3,"unique_ips":2,"hourly_visits":{"2025-09-14 10:00:00":1},)"
            R"("user_agents":{"agent":1},"recent_visits":[{"ip":"192.0.2.1","user_agent":"agent",)"
            R"("timestamp":"2025-09-14T10:30:00"}]})");
  EXPECT_EQ(store_.inquiry->newest->limit, 20U);
}

TEST_F(AnalyticsEndpointsTest, PrintUserAgentsByCountThenByName) {
  for (const char* agent : {"b", "c", "a", "c"}) store_.kept.push_back({"https://h/", "192.0.2.1", agent, now_});
  const std::string agents = R"("user_agents":{"c":2,"a":1,"b":1})";
  EXPECT_NE(Get("/summary").body.find(agents), std::string::npos) << Get("/summary").body;
  EXPECT_NE(Get("/stats", "url=https://h/").body.find(agents), std::string::npos);
}

TEST_F(AnalyticsEndpointsTest, PrintTenRecentVisitsAPageOfTheHundredNewest) {
  const auto recent_of_rare = [this] {
    const std::string body = Get("/summary").body;
    return body.substr(body.find(R"("https://rare/")")).find(R"("recent_visits":[])") == std::string::npos;
  };
  Keep("https://rare/", "192.0.2.1", hours(1));
  for (int i = 0; i < 99; ++i) Keep("https://busy/", "192.0.2.7", hours(0));
  const std::string body = Get("/summary").body;
  size_t of_busy = 0;
  for (size_t at = body.find("192.0.2.7"); at != body.npos; at = body.find("192.0.2.7", at + 1)) ++of_busy;
  EXPECT_EQ(of_busy, 10U);
  EXPECT_TRUE(recent_of_rare());
  Keep("https://busy/", "192.0.2.7", hours(0));
  EXPECT_FALSE(recent_of_rare());
}

TEST_F(AnalyticsEndpointsTest, CleanUpBeforeACutoff) {
  store_.deleted = 5;
  EXPECT_EQ(Handle({.method = "DELETE", .path = "/cleanup"}).body,
            R"({"status":"completed","deleted_visits":5,"cutoff_date":"2025-08-15T10:30:00"})");
  Handle({.method = "DELETE", .path = "/cleanup", .query = "days=1"});
  EXPECT_EQ(FormatSpaced(*store_.cutoff), "2025-09-13 10:30:00");
}

TEST_F(AnalyticsEndpointsTest, CleanUpNothingWhereTheDaysMakeNoSense) {
  const auto cleanup = [&](std::string_view query) {
    return Handle({.method = "DELETE", .path = "/cleanup", .query = query});
  };
  for (const char* query : {"days=0", "days=-1", "days=-9223372036854775808"}) {
    EXPECT_EQ(cleanup(query).status, 400) << query;
    EXPECT_EQ(cleanup(query).body, R"({"detail":"Days must be at least 1"})");
  }
  for (const char* query : {"days=", "days=x", "days=1.5", "days=99999999999"}) EXPECT_EQ(cleanup(query).status, 422);
  EXPECT_EQ(store_.cutoff, std::nullopt);
}

TEST_F(AnalyticsEndpointsTest, SayThatTheServiceIsHealthy) {
  EXPECT_EQ(Get("/health").body, R"({"status":"healthy","timestamp":"2025-09-14T10:30:00","database":"connected"})");
  EXPECT_TRUE(store_.calls.empty()) << "whoever asks makes no work";
}

TEST_F(AnalyticsEndpointsTest, SayNothingOfTheStorageButThatItIsUnavailable) {
  store_.read_error = "disk I/O error: /var/lib/page-count/visits.db";
  is_healthy_ = false;
  testing::internal::CaptureStderr();
  const Response health = Get("/health");
  EXPECT_EQ(health.status, 503);
  EXPECT_TRUE(health.body.starts_with(R"({"status":"unhealthy","timestamp":"2025-09-14T10:30:00")")) << health.body;
  EXPECT_EQ(health.body.find("disk"), std::string::npos) << health.body;
  EXPECT_EQ(Header(health, "Retry-After"), "5");
  for (const char* path : {"/summary", "/stats"}) {
    EXPECT_EQ(Get(path).status, 503);
    EXPECT_EQ(Get(path).body, R"({"detail":"Storage unavailable, please try again later"})");
  }
  testing::internal::GetCapturedStderr();
}

TEST_F(AnalyticsEndpointsTest, AreAnsweredByTheMethodsOfTheContract) {
  const auto allowed = [&](std::string_view path) {
    return Header(Handle({.method = "PUT", .path = path, .target = path}), "Allow");
  };
  EXPECT_EQ(allowed("/"), "GET, OPTIONS");
  EXPECT_EQ(allowed("/pixel.gif"), "GET, OPTIONS");
  EXPECT_EQ(allowed("/visit"), "POST, OPTIONS");
  EXPECT_EQ(allowed("/bulk-visits"), "POST, OPTIONS");
  EXPECT_EQ(allowed("/health"), "GET, HEAD, OPTIONS");
  for (const char* path : {"/summary", "/stats", "/stats/https://h/", "/all-visits"}) {
    EXPECT_EQ(allowed(path), "GET, HEAD") << path;
  }
  EXPECT_EQ(allowed("/cleanup"), "DELETE");
}

}  // namespace
}  // namespace page_count
