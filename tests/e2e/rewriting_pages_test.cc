#include <atomic>
#include <string>
#include <thread>

#include "tests/e2e/service_test.h"

namespace page_count::e2e {
namespace {

// A service that has counted links one by one, and goes on while that is mended.
class Rewrite : public ServiceTest {
 protected:
  static void SetUpTestSuite() {
    StartService({.workers = 2, .environment = {{"PAGE_COUNT_STRIP_PARAMETERS", "none"}}, .all_accept = true});
  }
};

TEST_F(Rewrite, MergesPagesWhileWorkersRecord) {
  RecordVisits(Page("a"), 30);
  RecordVisits(Page("a") + "?utm_source=x", 30);
  RecordVisits(Page("a") + "?utm_source=y&b=1", 10);
  std::atomic<bool> is_over = false;
  std::atomic<int64_t> recorded = 0;
  std::thread visitors([&] {
    for (int i = 0; !is_over; ++i) {
      HttpClient client = ClientAt("127.78." + std::to_string(i / 200 % 200 + 1) + "." + std::to_string(i % 200 + 1));
      const std::string page = Page("a") + (i % 2 == 0 ? "?fbclid=" + std::to_string(i) : "");
      recorded +=
          Send(client, {.method = "GET", .target = "/?url=" + Encoded(page), .headers = {}, .body = {}}).status == 200
              ? 1
              : 0;
    }
  });
  const auto rewrite = [] {
    service().RunProgram({"rewrite", "--apply", "--config", "/dev/null", "--database", service().database()});
  };
  for (int i = 0; i < 5; ++i) rewrite();
  is_over = true;
  visitors.join();
  rewrite();
  EXPECT_GT(recorded, 0);
  EXPECT_EQ(GetJson("/stats?url=" + Encoded(Page("a")))["total_visits"].number(), 60 + recorded);
  EXPECT_EQ(GetJson("/stats?url=" + Encoded(Page("a") + "?b=1"))["total_visits"].number(), 10);
  EXPECT_EQ(GetJson("/query?by=page&hours=1&page-prefix=" + Encoded(Page("")))["groups"].number(), 2);
  service().RunProgram({"check", "--database", service().database()});
}

}  // namespace
}  // namespace page_count::e2e
