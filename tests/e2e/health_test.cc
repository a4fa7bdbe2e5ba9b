#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "tests/e2e/pool.h"
#include "tests/e2e/processes.h"
#include "tests/e2e/service_test.h"
#include "tests/e2e/wait.h"

namespace page_count::e2e {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

// All writers queue at a lock beside the database. This one, like a process that hangs, keeps it.
class WritersLock {
 public:
  explicit WritersLock(const std::string& database)
      : descriptor_(open((database + ".lock").c_str(), O_RDWR | O_CLOEXEC)) {
    struct flock lock{};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    lock.l_len = 1;
    EXPECT_EQ(fcntl(descriptor_, F_OFD_SETLKW, &lock), 0);
  }
  ~WritersLock() { close(descriptor_); }
  WritersLock(const WritersLock&) = delete;
  WritersLock& operator=(const WritersLock&) = delete;

 private:
  int descriptor_;
};

class Health : public ServiceTest {
 protected:
  // How long the call takes, of so many: another process may have the processor for some of them.
  steady_clock::duration MedianOf(int calls, int status) {
    std::vector<steady_clock::duration> times;
    for (int i = 0; i < calls; ++i) {
      const auto start = steady_clock::now();
      EXPECT_EQ(Get("/health").status, status);
      times.push_back(steady_clock::now() - start);
    }
    std::sort(times.begin(), times.end());
    return times[times.size() / 2];
  }
  // What all workers have written by write and pwrite, ever. Answers are sent.
  static long Written() {
    long bytes = 0;
    for (const pid_t worker : service().WorkerPids()) {
      std::istringstream io(ReadFile("/proc/" + std::to_string(worker) + "/io"));
      for (std::string name; io >> name;) {
        long number = 0;
        io >> number;
        if (name == "wchar:") bytes += number;
      }
    }
    return bytes;
  }
};

TEST_F(Health, IsAskedOftenAndWritesOnceASecond) {
  ASSERT_EQ(Get("/health").status, 200);
  ASSERT_TRUE(WaitFor(20s, [] { return Written() > 32 << 20; })) << "the log's room is written";
  const auto start = steady_clock::now();
  const long before = Written();
  EXPECT_LT(MedianOf(1'000, 200), 50ms);
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(steady_clock::now() - start).count();
  EXPECT_LT(Written() - before, (seconds + 1) * 100'000) << seconds << " s";
}

TEST_F(Health, SaysAtOnceThatRecordingHangs) {
  ASSERT_EQ(Visit(Page()).status, 200);
  {
    const WritersLock lock(service().database());
    EXPECT_TRUE(WaitFor(10s, [this] { return Get("/health").status == 503; }));
    const auto health = Get("/health");
    EXPECT_EQ(Json::Parse(health.body)["status"].str(), "unhealthy") << health.body;
    EXPECT_TRUE(health.HasHeader("Retry-After"));
    EXPECT_LT(MedianOf(20, 503), 50ms);
    EXPECT_NE(service().Output().find("storage does not respond"), std::string::npos) << service().Output();
  }
  EXPECT_TRUE(WaitFor(10s, [this] { return Get("/health").status == 200; })) << "without a visit";
  EXPECT_EQ(Visit(Page()).status, 200);
}

TEST_F(Health, SaysSoWhileVisitsWaitAndLosesNone) {
  const std::string page = Page();
  std::thread visitor;
  {
    const WritersLock lock(service().database());
    visitor = std::thread([&] {
      HttpClient client = ClientAt(OtherAddress());
      EXPECT_EQ(
          client.Send({.method = "POST", .target = "/visit", .headers = kJsonBody, .body = VisitBody(page)}).status,
          200);
    });
    EXPECT_TRUE(WaitFor(10s, [this] { return Get("/health").status == 503; }));
  }
  visitor.join();
  EXPECT_TRUE(WaitFor(10s, [this] { return Get("/health").status == 200; }));
  EXPECT_EQ(GetJson("/stats/" + page)["total_visits"].number(), 1);
}

TEST_F(Health, IsOfTheOtherMethodsToo) {
  const auto head = Send({.method = "HEAD", .target = "/health", .headers = {}, .body = {}});
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.body, "");
}

class HangingStorage : public ServiceTest {
 protected:
  static void SetUpTestSuite() { StartService({.workers = 1, .environment = {{"PAGE_COUNT_DRAIN", "1"}}}); }
};

TEST_F(HangingStorage, DoesNotKeepAWorkerFromEnding) {
  ASSERT_EQ(Visit(Page()).status, 200);
  const auto worker = service().WorkerPids();
  const WritersLock lock(service().database());
  std::thread visitor([] {
    HttpClient client = ClientAt("127.96.0.3");
    client.Send({.method = "POST", .target = "/visit", .headers = kJsonBody, .body = VisitBody(Page())});
  });
  EXPECT_TRUE(WaitFor(10s, [this] { return Get("/health").status == 503; }));
  ASSERT_EQ(kill(worker.at(0), SIGTERM), 0);
  EXPECT_TRUE(WaitFor(20s, [&] { return PoolIsWhole(service(), 1, worker); })) << service().Output();
  EXPECT_NE(service().Output().find("ends with 1 requests unfinished"), std::string::npos) << service().Output();
  EXPECT_NE(service().Output().find("ends without waiting any longer"), std::string::npos) << service().Output();
  visitor.join();
}

}  // namespace
}  // namespace page_count::e2e
