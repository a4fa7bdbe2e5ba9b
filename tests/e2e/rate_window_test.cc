#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <latch>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "tests/e2e/service_test.h"

namespace page_count::e2e {
namespace {

using std::chrono::steady_clock;
using namespace std::chrono_literals;

// Small limits and a window of 4 s, so that a test can see it pass.
class RateLimitSettings : public ServiceTest {
 protected:
  static void SetUpTestSuite() {
    StartService({.workers = 2,
                  .environment = {{"PAGE_COUNT_VISIT_LIMIT", "3"},
                                  {"PAGE_COUNT_BULK_LIMIT", "5"},
                                  {"PAGE_COUNT_RATE_WINDOW", "4"}},
                  .all_accept = true});
  }

  int RetryAfter(const HttpResponse& response) {
    EXPECT_EQ(response.status, 429) << response.body;
    return std::atoi(response.Header("Retry-After").c_str());
  }
};

TEST_F(RateLimitSettings, AreObeyed) {
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Visit(Page()).status, 200);
  EXPECT_EQ(Visit(Page()).status, 429);
  const Json bulk = Json::Parse(Post("/bulk-visits", BulkBody(Page(), 5)).body);
  EXPECT_EQ(bulk["visits_recorded"].number(), 2);
  EXPECT_EQ(bulk["visits_rejected"].number(), 3);
}

TEST_F(RateLimitSettings, TheWindowRolls) {
  const auto first = steady_clock::now();
  ASSERT_EQ(Visit(Page()).status, 200);
  std::this_thread::sleep_for(2s);  // not from before the visit: what is left of its window is 2 s at most then
  ASSERT_EQ(Visit(Page()).status, 200);
  ASSERT_EQ(Visit(Page()).status, 200);
  const auto refused = Visit(Page());
  EXPECT_EQ(RetryAfter(refused), 2);
  while (Visit(Page()).status == 429 && steady_clock::now() < first + 10s) std::this_thread::sleep_for(20ms);
  EXPECT_GE(steady_clock::now() - first, 4s);
  EXPECT_LT(steady_clock::now() - first, 5s);
  EXPECT_EQ(Visit(Page()).status, 429) << "the window jumped instead of rolling";
}

TEST_F(RateLimitSettings, RetryAfterIsWhenThisRequestWouldBeAdmitted) {
  ASSERT_EQ(Post("/bulk-visits", BulkBody(Page(), 3)).status, 200);
  const auto first = steady_clock::now();
  std::this_thread::sleep_until(first + 2s);
  ASSERT_EQ(Json::Parse(Post("/bulk-visits", BulkBody(Page(), 2)).body)["visits_recorded"].number(), 2);
  // Five visits: only once three of them are gone are there fewer than three.
  EXPECT_EQ(RetryAfter(Visit(Page())), 2);
  std::this_thread::sleep_until(first + 4500ms);
  ASSERT_EQ(Json::Parse(Post("/bulk-visits", BulkBody(Page(), 3)).body)["visits_recorded"].number(), 3);
  // Two of 2 s and three of 4.5 s: the three youngest are in the way until 8.5 s.
  EXPECT_EQ(RetryAfter(Visit(Page())), 4);
}

// A table that a flood of other keys fills six times over.
class RateLimitInASmallTable : public ServiceTest {
 protected:
  static constexpr int kKeys = 4096;

  static void SetUpTestSuite() { StartService({.environment = {{"PAGE_COUNT_RATE_KEYS", std::to_string(kKeys)}}}); }
};

TEST_F(RateLimitInASmallTable, AClientThatIsRefusedStaysSoThroughAFloodOfOtherPages) {
  for (int i = 0; i < 10; ++i) ASSERT_EQ(Visit(Page()).status, 200);
  ASSERT_EQ(Visit(Page()).status, 429);
  const auto first = steady_clock::now();
  for (int sent = 0; sent < 6 * kKeys; sent += 100) {
    std::string body = "[";
    for (int i = 0; i < 100; ++i) body += (i == 0 ? "" : ",") + VisitBody(Page(std::to_string(sent + i)));
    ASSERT_EQ(Json::Parse(Post("/bulk-visits", body + "]").body)["visits_recorded"].number(), 100);
    if (sent % 5'000 == 0) {
      ASSERT_EQ(Visit(Page()).status, 429) << "after " << sent + 100 << " other pages";
    }
  }
  ASSERT_LT(steady_clock::now(), first + 45s) << "the first visits may have left their window; this says nothing";
  EXPECT_EQ(Visit(Page()).status, 429);
}

class RateLimitAcrossWorkers : public ServiceTest {
 protected:
  static constexpr auto kWindow = 8s;

  static void SetUpTestSuite() {
    StartService({.workers = 4,
                  .environment = {{"PAGE_COUNT_RATE_WINDOW", std::to_string(kWindow.count())}},
                  .all_accept = true});
  }
};

TEST_F(RateLimitAcrossWorkers, AdmitsExactlyTenOf64AtOnceAndTheNextWhenTheOldestLeaves) {
  ASSERT_EQ(service().WorkerPids().size(), 4U);
  constexpr int kClients = 64;
  const HttpRequest visit{.method = "POST", .target = "/visit", .headers = kJsonBody, .body = VisitBody(Page())};
  std::latch start(kClients);
  std::mutex mutex;
  std::vector<int> statuses;
  steady_clock::time_point earliest_admission = steady_clock::time_point::max();
  std::vector<std::thread> clients;
  clients.reserve(kClients);
  const auto before = steady_clock::now();
  for (int i = 0; i < kClients; ++i) {
    clients.emplace_back([&] {
      HttpClient client = ClientAt(address());
      start.arrive_and_wait();
      const auto response = client.Send(visit);
      const std::lock_guard lock(mutex);
      statuses.push_back(response.status);
      if (response.status == 200) earliest_admission = std::min(earliest_admission, steady_clock::now());
    });
  }
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(std::count(statuses.begin(), statuses.end(), 200), 10);
  EXPECT_EQ(std::count(statuses.begin(), statuses.end(), 429), kClients - 10);
  EXPECT_EQ(GetJson("/stats/" + Page())["total_visits"].number(), 10);

  while (Send(visit).status == 429) {
    ASSERT_LT(steady_clock::now(), earliest_admission + kWindow + 1s) << "the oldest visit has left the window";
    std::this_thread::sleep_for(20ms);
  }
  EXPECT_GE(steady_clock::now(), before + kWindow) << "admitted too early";
  EXPECT_EQ(GetJson("/stats/" + Page())["total_visits"].number(), 11);
}

TEST_F(RateLimitAcrossWorkers, HoldsForBulkRequestsAtOnceToo) {
  constexpr int kClients = 16;
  std::latch start(kClients);
  std::mutex mutex;
  int64_t recorded = 0;
  std::vector<std::thread> clients;
  clients.reserve(kClients);
  for (int i = 0; i < kClients; ++i) {
    clients.emplace_back([&] {
      HttpClient client = ClientAt(address());
      start.arrive_and_wait();
      const auto response =
          client.Send({.method = "POST", .target = "/bulk-visits", .headers = kJsonBody, .body = BulkBody(Page(), 7)});
      const std::lock_guard lock(mutex);
      recorded += Json::Parse(response.body)["visits_recorded"].number();
    });
  }
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(recorded, 20);
  EXPECT_EQ(GetJson("/stats/" + Page())["total_visits"].number(), 20);
}

}  // namespace
}  // namespace page_count::e2e
