#include <signal.h>
#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <string>
#include <thread>

#include "tests/e2e/service_test.h"
#include "tests/e2e/wait.h"

namespace page_count::e2e {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

// The database is taken away (a folder stands in its place) and every worker is started anew, so that none can
// open it; then it comes back.
class Storage : public ServiceTest {
 protected:
  static void SetUpTestSuite() { StartService({.workers = 2, .all_accept = true}); }

  void TakeAway() {
    std::filesystem::rename(service().database(), Aside());
    std::filesystem::create_directory(service().database());
    const auto killed = service().WorkerPids();
    for (const pid_t worker : killed) kill(worker, SIGKILL);
    ASSERT_TRUE(WaitFor(10s, [&killed] {
      const auto now = service().WorkerPids();
      return now.size() == killed.size() &&
             std::find_first_of(now.begin(), now.end(), killed.begin(), killed.end()) == now.end();
    })) << service().Output();
    ASSERT_TRUE(HealthBecomes(503)) << service().Output();
  }

  void PutBack() {
    std::filesystem::remove(service().database());
    std::filesystem::rename(Aside(), service().database());
  }

  void TearDown() override {
    if (std::filesystem::exists(Aside())) PutBack();
  }

  bool HealthBecomes(int status) {
    for (const auto end = steady_clock::now() + 20s; steady_clock::now() < end;) {
      if (Get("/health").status == status) return true;
      std::this_thread::sleep_for(50ms);
    }
    return false;
  }

  static void ExpectUnavailable(const HttpResponse& response) {
    ExpectError(response, 503);
    EXPECT_TRUE(response.HasHeader("Retry-After"));
  }

  static std::string Aside() { return service().database() + ".aside"; }
};

TEST_F(Storage, UnavailableIs503EverywhereAndNothingIsLostOnceItIsBack) {
  for (int i = 0; i < 5; ++i) ASSERT_EQ(Visit(Page()).status, 200);
  ASSERT_NO_FATAL_FAILURE(TakeAway());

  const auto health = Get("/health");
  EXPECT_EQ(Json::Parse(health.body)["status"].str(), "unhealthy") << health.body;
  EXPECT_TRUE(health.HasHeader("Retry-After"));
  ExpectUnavailable(Visit(Page()));
  ExpectUnavailable(Get("/?url=" + Encoded(Page())));
  ExpectUnavailable(Post("/bulk-visits", BulkBody(Page(), 2)));
  const auto pixel = Get("/pixel.gif?url=" + Encoded(Page()));
  ExpectPixel(pixel, 503);
  EXPECT_TRUE(pixel.HasHeader("Retry-After"));
  ExpectPixel(Get("/?url=" + Encoded(Page()), {"Accept: image/png"}), 503);
  for (const char* target : {"/summary", "/stats", "/stats/https://h.example/", "/all-visits"}) {
    SCOPED_TRACE(target);
    ExpectUnavailable(Get(target));
  }
  ExpectUnavailable(Send({.method = "DELETE", .target = "/cleanup", .headers = {}, .body = {}}));
  EXPECT_EQ(Visit("bad").status, 422);
  const auto workers = service().WorkerPids();
  EXPECT_EQ(workers.size(), 2U);

  PutBack();
  ASSERT_TRUE(HealthBecomes(200)) << service().Output();
  EXPECT_EQ(service().WorkerPids(), workers) << "they recover by themselves, without being started anew";
  EXPECT_EQ(GetJson("/stats/" + Page())["total_visits"].number(), 5);
  HttpClient other = ClientAt(OtherAddress());
  const HttpRequest visit{.method = "POST", .target = "/visit", .headers = kJsonBody, .body = VisitBody(Page())};
  for (int i = 0; i < 10; ++i) EXPECT_EQ(Send(other, visit).status, 200);
  EXPECT_EQ(GetJson("/stats/" + Page())["total_visits"].number(), 15);
}

}  // namespace
}  // namespace page_count::e2e
