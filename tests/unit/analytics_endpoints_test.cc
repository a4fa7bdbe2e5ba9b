#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/unit/endpoint_fixture.h"

namespace page_count {
namespace {

class AnalyticsEndpointsTest : public EndpointTest {
 protected:
  const UtcTime hour_ = std::chrono::floor<std::chrono::hours>(now_);
  const std::vector<LoggedVisit> cache_ = {{"https://h/", "192.0.2.1", "agent", now_}};
};

TEST_F(AnalyticsEndpointsTest, CountFromTheSecondOfTheWindowsStart) {
  for (const char* path : {"/summary", "/stats/https://h/"}) {
    const auto window = [&](std::string_view query) {
      store_.window_start.reset();
      const Response response = Handle({.method = "GET", .path = path, .target = path, .query = query});
      return store_.window_start ? FormatSpaced(*store_.window_start) : std::to_string(response.status);
    };
    EXPECT_EQ(window(""), "2025-09-13 10:30:00") << path;
    EXPECT_EQ(window("hours=1"), "2025-09-14 09:30:00") << path;
    EXPECT_EQ(window("hours=87600"), "2015-09-17 10:30:00") << path;
    for (const char* hours : {"hours=0", "hours=-1", "hours=1e9", "hours=87601", "hours=1.5", "hours=", "hours"}) {
      EXPECT_EQ(window(hours), "422") << path << '?' << hours;
    }
  }
}

TEST_F(AnalyticsEndpointsTest, PrintTheSummary) {
  store_.summary.pages = {{"https://h/", 3, 2, {{hour_, 1}}, {{"agent", 1}}, cache_}, {"https://i/", 1, 1, {}, {}, {}}};
  store_.summary.visits = 4;
  store_.summary.oldest_and_newest = {now_ - std::chrono::hours(30), now_};
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
  store_.summary.pages.resize(3);
  for (auto& page : store_.summary.pages) page.url.assign(100'000, 'u');
  const auto job = std::get<BackgroundJob>(Ask({.method = "GET", .path = "/summary"}));
  const auto response = std::get<StreamedResponse>(job.run(store_));
  std::vector<size_t> sizes;
  for (bool has_more = true; has_more;) {
    std::string piece;
    has_more = response.next_piece(store_, piece);
    sizes.push_back(piece.size());
  }
  ASSERT_EQ(sizes.size(), 3U);
  for (const size_t size : sizes) EXPECT_LT(size, 110'000U);
}

TEST_F(AnalyticsEndpointsTest, PrintTheSite) {
  store_.site = {1'234, 56, {{"https://h/", 1'000}, {"https://i/", 5}}, cache_};
  EXPECT_EQ(Get("/stats").body,
            R"({"total_visits":"1,234","unique_visitors":"56","popular_pages":{"https://h/":"1,000","https://i/":"5"},)"
            R"("recent_visits":[{"url":"https://h/","ip":"192.0.2.1","timestamp":"2025-09-14 10:30:00"}]})");
  EXPECT_EQ(store_.pages_read, 100U);
  Get("/stats", "limit=7");
  EXPECT_EQ(store_.pages_read, 7U);
  EXPECT_EQ(Get("/stats", "limit=-1").status, 422);
}

TEST_F(AnalyticsEndpointsTest, PrintAPage) {
  store_.page = {3, 2, {{hour_, 1}}, {{"agent", 1}}, cache_};
  const Response response =
      Handle({.method = "GET", .path = "/stats/https:/H", .target = "/stats/https://H", .query = ""});
  EXPECT_EQ(response.body,
            R"({"url":"https://h/","total_visits":3,"unique_ips":2,"hourly_visits":{"2025-09-14 10:00:00":1},)"
            R"("user_agents":{"agent":1},"recent_visits":[{"ip":"192.0.2.1","user_agent":"agent",)"
            R"("timestamp":"2025-09-14T10:30:00"}]})");
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
