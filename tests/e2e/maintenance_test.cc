#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/e2e/clock.h"
#include "tests/e2e/service_test.h"

namespace page_count::e2e {
namespace {

using namespace std::chrono_literals;

using EmptyStore = ServiceTest;

TEST_F(EmptyStore, AnswersEveryFigure) {
  EXPECT_EQ(GetJson("/summary").text(), R"({"data":{},"total_entries":0,"date_range":null})");
  EXPECT_EQ(GetJson("/stats").text(),
            R"({"total_visits":"0","unique_visitors":"0","popular_pages":{},"recent_visits":[]})");
  EXPECT_EQ(GetJson("/all-visits").text(), R"({"visits":[],"total_count":"0"})");
  EXPECT_EQ(Get("/all-visits?format=csv").body, "url,ip,user_agent,timestamp\r\n");
  EXPECT_EQ(Get("/all-visits?format=jsonl").body, "");
}

TEST_F(EmptyStore, ADeniedVisitLeavesItEmpty) {
  EXPECT_EQ(Visit("bad").status, 422);
  EXPECT_EQ(GetJson("/stats/" + Page())["total_visits"].number(), 0);
  EXPECT_EQ(GetJson("/stats").text(),
            R"({"total_visits":"0","unique_visitors":"0","popular_pages":{},"recent_visits":[]})");
}

class Maintenance : public ServiceTest {
 protected:
  HttpResponse Cleanup(const std::string& query = "") {
    return Send({.method = "DELETE", .target = "/cleanup" + query, .headers = {}, .body = {}});
  }
};

TEST_F(Maintenance, CleanupSaysWhatItDid) {
  ASSERT_EQ(Visit(Page()).status, 200);
  const auto count = StoredVisits();
  const auto response = Cleanup("?days=7");
  ASSERT_EQ(response.status, 200) << response.body;
  const Json answer = Json::Parse(response.body);
  EXPECT_EQ(answer.keys(), (std::vector<std::string>{"status", "deleted_visits", "cutoff_date"}));
  EXPECT_EQ(answer["status"].str(), "completed");
  EXPECT_EQ(answer["deleted_visits"].text(), "0");
  EXPECT_TRUE(IsTimeText(answer["cutoff_date"].str(), 'T')) << answer.text();
  EXPECT_TRUE(IsNow(TimeText(ParseTime(answer["cutoff_date"].str()) + 7 * 24h))) << answer.text();
  EXPECT_EQ(StoredVisits(), count);
}

TEST_F(Maintenance, CleanupKeeps30DaysUnlessTold) {
  const Json answer = Json::Parse(Cleanup().body);
  EXPECT_TRUE(IsNow(TimeText(ParseTime(answer["cutoff_date"].str()) + 30 * 24h))) << answer.text();
}

TEST_F(Maintenance, CleanupOfLessThanADayIsRefused) {
  ASSERT_EQ(Visit(Page()).status, 200);
  const auto count = StoredVisits();
  for (const char* days : {"0", "-1", "-99999"}) {
    ExpectError(Cleanup(std::string("?days=") + days), 400, "Days must be at least 1");
  }
  for (const char* days : {"", "x", "1.5", "1e3", "99999999999999999999999"}) {
    SCOPED_TRACE(days);
    ExpectInvalid(Cleanup(std::string("?days=") + days), R"(["query","days"])");
  }
  EXPECT_EQ(StoredVisits(), count);
}

TEST_F(Maintenance, CleanupIsDeleteOnly) {
  ExpectError(Get("/cleanup?days=1"), 405, "Method Not Allowed");
  ExpectError(Post("/cleanup?days=1", ""), 405, "Method Not Allowed");
}

TEST_F(Maintenance, HealthSaysHealthy) {
  const Json answer = GetJson("/health");
  EXPECT_EQ(answer.keys(), (std::vector<std::string>{"status", "timestamp", "database"}));
  EXPECT_EQ(answer["status"].str(), "healthy");
  EXPECT_EQ(answer["database"].str(), "connected");
  EXPECT_TRUE(IsTimeText(answer["timestamp"].str(), 'T')) << answer.text();
  EXPECT_TRUE(IsNow(answer["timestamp"].str())) << answer.text();
}

TEST_F(Maintenance, ABackupIsForNobodyElseToRead) {
  const std::string copy = service().folder() + "/backup.db";
  service().RunProgram({"backup", copy, "--database", service().database()});
  EXPECT_EQ(std::filesystem::status(copy).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

}  // namespace
}  // namespace page_count::e2e
