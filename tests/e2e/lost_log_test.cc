#include <signal.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "tests/e2e/load.h"
#include "tests/e2e/pool.h"
#include "tests/e2e/processes.h"
#include "tests/e2e/rerun.h"
#include "tests/e2e/service_test.h"
#include "tests/e2e/stored_visits.h"
#include "tests/e2e/wait.h"

namespace page_count::e2e {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

constexpr size_t kWorkers = 2;

size_t CountLines(const std::string& text, const std::string& part) {
  size_t count = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

// The write-ahead log, or its index, is taken away from running workers.
class LostLog : public testing::Test {
 protected:
  LostLog()
      : service_({.workers = kWorkers, .environment = {{"PAGE_COUNT_DRAIN", "0"}}, .all_accept = true}),
        workers_(service_.WorkerPids()) {}

  std::string Log() const { return service_.database() + "-wal"; }
  std::string Index() const { return service_.database() + "-shm"; }

  int Post(const std::string& page) {
    ++clients_;
    HttpClient client(service_.http_port(), Protocol::kHttp,
                      "127.93." + std::to_string(clients_ / 250) + "." + std::to_string(clients_ % 250 + 1));
    return client.Send({.method = "POST", .target = "/visit", .headers = kJsonBody, .body = VisitBody(page)}).status;
  }
  // Records pages until so many have been acknowledged, by whichever worker.
  void Record(const std::string& name, size_t pages) {
    Load load(service_.http_port(), {.clients = 8, .pause = 0ms, .site = "load-" + name + ".example"});
    EXPECT_TRUE(WaitFor(20s, [&] { return load.acknowledged() >= pages; })) << service_.Output();
    const LoadReport report = load.Stop();
    acknowledged_.acknowledged.insert(acknowledged_.acknowledged.end(), report.acknowledged.begin(),
                                      report.acknowledged.end());
  }
  // 503 from the first POST on, until the worker that it came to has a log again.
  void ExpectRefusalOfTheFirstVisit() {
    EXPECT_EQ(Post("https://load-first.example/"), 503) << service_.Output();
    EXPECT_TRUE(WaitFor(20s, [this] { return Post("https://retry.example/") == 200; })) << service_.Output();
  }
  void ExpectOneLineAWorkerThatNames(const std::string& file) {
    const std::string output = service_.Output();
    EXPECT_GE(CountLines(output, "storage unavailable"), 1U) << output;
    EXPECT_LE(CountLines(output, "storage unavailable"), kWorkers) << output;
    EXPECT_EQ(CountLines(output, file + " "), CountLines(output, "storage unavailable")) << output;
  }
  // Now, and once all is started anew. A worker that nobody has asked since its log was gone says so first.
  void ExpectNothingLost() {
    ExpectEachOnce(AllVisitsByPage(service_.http_port(), 20s), acknowledged_);
    EXPECT_EQ(service_.WorkerPids(), workers_) << service_.Output();
    ASSERT_TRUE(StopInOrder(service_)) << service_.Output();
    EXPECT_NO_THROW(service_.RunProgram({"check", "--database", service_.database()}));
    const Rerun rerun(service_);
    ExpectEachOnce(AllVisitsByPage(service_.http_port()), acknowledged_);
  }
  void ExpectRecoveryFrom(const std::string& file, const std::function<void()>& take_away) {
    Record("before", 300);
    take_away();
    ExpectRefusalOfTheFirstVisit();
    Record("after", 300);
    ExpectOneLineAWorkerThatNames(file);
    ExpectNothingLost();
  }
  // Some SQLite tool; what it says does not matter.
  void OpenByAnotherProgram() {
    const pid_t tool =
        Spawn({"sqlite3", service_.database(), "select count(*) from visit"}, {}, service_.folder() + "/tool");
    EXPECT_TRUE(WaitForExit(tool, 20s));
  }

  Service service_;
  std::vector<pid_t> workers_;
  LoadReport acknowledged_;
  int clients_ = 0;
};

TEST_F(LostLog, DeletedIsSavedInTheFile) {
  ExpectRecoveryFrom(Log(), [this] { fs::remove(Log()); });
}

TEST_F(LostLog, DeletedWithItsIndexIsSavedInTheFile) {
  ExpectRecoveryFrom(Log(), [this] {
    fs::remove(Log());
    fs::remove(Index());
  });
}

TEST_F(LostLog, TheIndexAloneIsMadeAnew) {
  ExpectRecoveryFrom(Index(), [this] { fs::remove(Index()); });
}

TEST_F(LostLog, TheWriteLockAloneIsMadeAnew) {
  ExpectRecoveryFrom(service_.database() + ".lock", [this] { fs::remove(service_.database() + ".lock"); });
}

TEST_F(LostLog, IsSavedThoughAnotherProgramHasMadeAnEmptyOne) {
  ExpectRecoveryFrom(Log(), [this] {
    fs::remove(Log());
    OpenByAnotherProgram();
  });
}

TEST_F(LostLog, IsSavedThoughAnotherProgramHasMadeAnEmptyOneAndAnIndex) {
  ExpectRecoveryFrom(Log(), [this] {
    fs::remove(Log());
    fs::remove(Index());
    OpenByAnotherProgram();
  });
}

TEST_F(LostLog, MovedAwayAndPutBackOverTheNewOneIsRecognised) {
  const std::string aside = service_.folder() + "/aside";
  Record("before", 300);
  fs::rename(Log(), aside);
  ExpectRefusalOfTheFirstVisit();
  Record("between", 300);
  fs::rename(aside, Log());
  ExpectRefusalOfTheFirstVisit();
  Record("after", 300);
  ExpectNothingLost();
}

TEST_F(LostLog, MovedAwayAndBackBeforeTheNextVisitIsTheSame) {
  const std::string aside = service_.folder() + "/aside";
  Record("before", 300);
  fs::rename(Log(), aside);
  fs::rename(aside, Log());
  EXPECT_EQ(Post("https://load-first.example/"), 200) << service_.Output();
  ExpectNothingLost();
}

TEST_F(LostLog, UnderLoadIsSavedInTheFile) {
  Load load(service_.http_port(), {.clients = 8, .pause = 0ms, .site = "load-through.example"});
  for (const size_t acknowledged : {500U, 1500U, 2500U}) {
    EXPECT_TRUE(WaitFor(20s, [&] { return load.acknowledged() >= acknowledged; })) << service_.Output();
    fs::remove(Log());
    if (acknowledged == 1500U) fs::remove(Index());
  }
  EXPECT_TRUE(WaitFor(20s, [&] { return load.acknowledged() >= 3500; })) << service_.Output();
  acknowledged_ = load.Stop();
  EXPECT_LT(acknowledged_.failures.size() * 10, acknowledged_.requests()) << acknowledged_.FailureText();
  for (const std::string& failure : acknowledged_.failures) {
    EXPECT_NE(failure.find(" ms: 503 "), std::string::npos) << failure;
  }
  ExpectNothingLost();
}

// A reader's snapshot keeps some of the log from being moved.
TEST_F(LostLog, IsSavedOnceReadersLetIt) {
  Record("before", 300);
  DatabaseFile reader(service_.database());
  reader.Execute("begin; select count(*) from visit");
  Record("later", 300);
  fs::remove(Log());
  for (int i = 0; i < 10; ++i) EXPECT_EQ(Post("https://load-first.example/"), 503) << service_.Output();
  reader.Execute("commit");
  EXPECT_TRUE(WaitFor(20s, [this] { return Post("https://retry.example/") == 200; })) << service_.Output();
  Record("after", 300);
  ExpectNothingLost();
}

TEST_F(LostLog, IsSavedWithinSecondsThoughNoVisitFollows) {
  Record("before", 300);
  fs::remove(Log());
  EXPECT_TRUE(WaitFor(20s, [this] { return service_.Output().find("in it were saved in") != std::string::npos; }));
  ExpectRefusalOfTheFirstVisit();
  Record("after", 300);
  ExpectNothingLost();
}

TEST_F(LostLog, IsSavedWhenTheWorkersAreReplacedThoughNoVisitFollows) {
  Record("before", 300);
  fs::remove(Log());
  for (const pid_t worker : workers_) kill(worker, SIGTERM);
  EXPECT_TRUE(WaitFor(20s, [this] { return PoolIsWhole(service_, kWorkers, workers_); })) << service_.Output();
  ExpectEachOnce(AllVisitsByPage(service_.http_port()), acknowledged_);
}

}  // namespace
}  // namespace page_count::e2e
