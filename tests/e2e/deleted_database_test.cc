#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <regex>
#include <string>
#include <thread>
#include <vector>

#include "tests/e2e/load.h"
#include "tests/e2e/pool.h"
#include "tests/e2e/processes.h"
#include "tests/e2e/service_test.h"
#include "tests/e2e/stored_visits.h"
#include "tests/e2e/wait.h"

namespace page_count::e2e {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

constexpr size_t kWorkers = 2;

class DeletedDatabase : public ServiceTest {
 protected:
  static void SetUpTestSuite() { StartService({.workers = kWorkers, .all_accept = true}); }
};

// What was acknowledged before is gone with the file; what is acknowledged once it has gone is in the new one.
TEST_F(DeletedDatabase, IsMadeAnewAndHoldsWhatIsAcknowledgedFromThenOn) {
  const auto workers = service().WorkerPids();
  Load before(service().http_port(), {.clients = 8, .pause = 0ms, .site = "load-before.example"});
  ASSERT_TRUE(WaitFor(20s, [&] { return before.acknowledged() > 2000; }));
  fs::remove(service().database());
  Load after(service().http_port(), {.clients = 8, .pause = 0ms, .site = "load-after.example"});
  EXPECT_TRUE(WaitFor(10s, [&] { return after.acknowledged() > 2000; })) << service().Output();
  before.Stop();
  const LoadReport report = after.Stop();
  ASSERT_TRUE(fs::exists(service().database()));
  EXPECT_LT(report.failures.size() * 10, report.requests()) << report.FailureText() << service().Output();
  ExpectEachOnce(AllVisitsByPage(service().http_port()), report);
  DatabaseFile file(service().database());
  EXPECT_EQ(file.Read("pragma integrity_check"), "ok");
  ExpectEachOnce(VisitsByPage(service().database()), report);
  EXPECT_EQ(service().WorkerPids(), workers);
}

TEST_F(DeletedDatabase, MayBeDeletedWithAllThatBelongsToIt) {
  ASSERT_EQ(Visit(Page("gone")).status, 200);
  for (const auto& entry : fs::directory_iterator(service().data_folder())) {
    if (entry.path().filename().string().starts_with("visits.db")) fs::remove(entry);
  }
  Load load(service().http_port(), {.clients = 8, .pause = 0ms, .site = "load-anew.example"});
  EXPECT_TRUE(WaitFor(10s, [&] { return load.acknowledged() > 2000; })) << service().Output();
  const LoadReport report = load.Stop();
  EXPECT_TRUE(report.failures.empty()) << report.FailureText();
  const auto visits = VisitsByPage(service().database());
  EXPECT_EQ(visits.size(), report.acknowledged.size());
  ExpectEachOnce(visits, report);
}

// The worker has looked at the file, and waits for its turn to write, when the file is deleted.
TEST(DeletedDatabaseWhileWaiting, IsNotWrittenTo) {
  const Service service({.workers = 1, .environment = {}});
  const int lock = open((service.database() + ".lock").c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_GE(lock, 0);
  struct flock whole_file = {};
  whole_file.l_type = F_WRLCK;
  // A worker that has just started holds the lock now and then, for maintenance.
  ASSERT_TRUE(WaitFor(10s, [&] { return fcntl(lock, F_OFD_SETLK, &whole_file) == 0; })) << strerror(errno);
  struct stat lock_file = {};
  ASSERT_EQ(fstat(lock, &lock_file), 0);
  const std::regex waits("-> OFDLCK +ADVISORY +WRITE +-1 +[0-9a-f]+:[0-9a-f]+:" + std::to_string(lock_file.st_ino) +
                         " ");
  const std::string page = "https://load-waiting.example/";
  LoadReport report;
  std::thread visitor([&] {
    HttpClient client(service.http_port(), Protocol::kHttp, "127.92.0.1");
    const HttpRequest visit{.method = "POST", .target = "/visit", .headers = kJsonBody, .body = VisitBody(page)};
    if (client.Send(visit).status == 200) report.acknowledged.push_back(page);
  });
  EXPECT_TRUE(WaitFor(10s, [&] { return std::regex_search(ReadFile("/proc/locks"), waits); }))
      << "the worker does not wait for the write lock";
  fs::remove(service.database());
  close(lock);
  visitor.join();
  ExpectEachOnce(AllVisitsByPage(service.http_port()), report);
}

}  // namespace
}  // namespace page_count::e2e
