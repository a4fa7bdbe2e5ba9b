#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>
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

size_t CountOf(const std::string& text, const std::string& part) {
  size_t count = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

// Something unusable is put in the database's place under running workers, and taken away again.
class StorageFailure : public ServiceTest {
 protected:
  static void SetUpTestSuite() { StartService({.workers = kWorkers, .all_accept = true}); }

  void SetUp() override {
    ServiceTest::SetUp();
    ASSERT_TRUE(Records(Page("before")));
    ASSERT_TRUE(WaitFor(20s, [] { return PoolIsWhole(service(), kWorkers); }));
    workers_ = service().WorkerPids();
    logged_ = service().Output().size();
    fs::create_directory(Aside());
  }

  void TearDown() override {
    if (fs::exists(Aside() + "/visits.db")) PutBack();
    fs::remove_all(Aside());
  }

  static std::string Aside() { return service().folder() + "/aside"; }

  static void MoveAll(const std::string& from, const std::string& to) {
    for (const char* name : {"/visits.db", "/visits.db-wal", "/visits.db-shm"}) {
      fs::remove_all(to + name);
      if (fs::exists(from + name)) fs::rename(from + name, to + name);
    }
  }

  static void TakeAway() { MoveAll(service().data_folder(), Aside()); }
  static void PutBack() { MoveAll(Aside(), service().data_folder()); }

  bool Records(const std::string& page) {
    return WaitFor(10s, [&] { return Visit(page).status == 200; });
  }

  std::string LoggedSince() const { return service().Output().substr(logged_); }

  void ExpectUnavailable() {
    const auto refused = Visit(Page());
    ExpectError(refused, 503);
    EXPECT_TRUE(refused.HasHeader("Retry-After"));
    const auto pixel = Get("/pixel.gif?url=" + Encoded(Page()));
    ExpectPixel(pixel, 503);
    EXPECT_TRUE(pixel.HasHeader("Retry-After"));
    const auto health = Get("/health");
    EXPECT_EQ(health.status, 503);
    EXPECT_EQ(Json::Parse(health.body)["status"].str(), "unhealthy") << health.body;
    ExpectError(Get("/stats"), 503);
  }

  // From every worker, again and again.
  void ExpectUnavailableUnderLoad() {
    Load load(service().http_port(), {.clients = 16, .pause = 0ms, .site = "load-refused.example"});
    for (int i = 0; i < 5; ++i) ExpectUnavailable();
    EXPECT_TRUE(WaitFor(20s, [&load] { return load.requests() >= 400; }));
    const LoadReport report = load.Stop();
    EXPECT_TRUE(report.acknowledged.empty()) << report.acknowledged.size();
    for (const std::string& failure : report.failures)
      EXPECT_NE(failure.find(" ms: 503 "), std::string::npos) << failure;
    EXPECT_LT(report.slowest, 5s);
  }

  // What is in the place: all is refused, the log says why, once a worker, and what is there is left alone.
  void ExpectRefusedOf(const std::string& reason) {
    const std::string there = ReadFile(service().database());
    ExpectUnavailableUnderLoad();
    EXPECT_NE(LoggedSince().find(reason), std::string::npos) << "not '" << reason << "' but:\n" << LoggedSince();
    EXPECT_GE(CountOf(LoggedSince(), "storage unavailable"), 1U);
    EXPECT_LE(CountOf(LoggedSince(), "\n"), kWorkers) << "one line a worker, not more:\n" << LoggedSince();
    EXPECT_TRUE(ReadFile(service().database()) == there) << "the file was changed";
  }

  // The same workers go on, and nothing acknowledged is lost.
  void ExpectRecoveryOncePutBack() {
    PutBack();
    EXPECT_TRUE(Records(Page("after"))) << LoggedSince();
    EXPECT_TRUE(WaitFor(10s, [this] { return Get("/health").status == 200; }));
    EXPECT_EQ(GetJson("/stats/" + Page("before"))["total_visits"].number(), 1);
    EXPECT_EQ(GetJson("/stats/" + Page("after"))["total_visits"].number(), 1);
    EXPECT_EQ(service().WorkerPids(), workers_) << "no worker was started anew\n" << LoggedSince();
  }

  void Place(const std::string& content) { std::ofstream(service().database(), std::ios::binary) << content; }

  std::vector<pid_t> workers_;
  size_t logged_ = 0;
};

TEST_F(StorageFailure, AFolderInTheDatabasesPlace) {
  TakeAway();
  fs::create_directory(service().database());
  ExpectRefusedOf("visits.db");
  ExpectRecoveryOncePutBack();
}

TEST_F(StorageFailure, AFileThatIsNoDatabase) {
  TakeAway();
  Place(std::string(100, 'x') + "not a database\n" + std::string(8000, 'y'));
  ExpectRefusedOf("file is not a database");
  ExpectRecoveryOncePutBack();
}

TEST_F(StorageFailure, ACorruptHeader) {
  TakeAway();
  std::string content = ReadFile(Aside() + "/visits.db");
  ASSERT_GE(content.size(), 4096U);
  std::fill_n(content.begin() + 16, 84, '\xff');  // after the magic
  Place(content);
  ExpectRefusedOf("visits.db");
  ExpectRecoveryOncePutBack();
}

TEST_F(StorageFailure, CorruptTables) {
  service().RunProgram({"backup", service().folder() + "/corrupt.db", "--database", service().database()});
  std::string content = ReadFile(service().folder() + "/corrupt.db");
  ASSERT_GT(content.size(), 4096U);
  content[18] = content[19] = 2;                             // a write-ahead log is in use
  std::fill(content.begin() + 4096, content.end(), '\xff');  // all but the schema
  TakeAway();
  Place(content);
  ExpectRefusedOf("malformed");
  ExpectRecoveryOncePutBack();
}

TEST_F(StorageFailure, AFileOfANewerProgram) {
  service().RunProgram({"backup", service().folder() + "/newer.db", "--database", service().database()});
  DatabaseFile(service().folder() + "/newer.db").Execute("pragma journal_mode=delete; pragma user_version=999");
  TakeAway();
  fs::rename(service().folder() + "/newer.db", service().database());
  ExpectRefusedOf("has schema 999");
  ExpectRecoveryOncePutBack();
}

TEST_F(StorageFailure, AnotherProgramsDatabase) {
  DatabaseFile(service().folder() + "/foreign.db").Execute("create table address (name text)");
  TakeAway();
  fs::rename(service().folder() + "/foreign.db", service().database());
  ExpectRefusedOf("is not a page-count database");
  ExpectRecoveryOncePutBack();
}

TEST_F(StorageFailure, AFolderInAPlaceOfALockFile) {
  for (const char* ending : {".lock", ".maintenance"}) {
    const std::string lock = service().database() + ending;
    fs::remove(lock);
    fs::create_directory(lock);
    ExpectUnavailableUnderLoad();
    EXPECT_NE(LoggedSince().find("cannot open " + lock), std::string::npos) << LoggedSince();
    fs::remove(lock);
    EXPECT_TRUE(Records(Page(std::string("after") + ending))) << LoggedSince();
    EXPECT_TRUE(WaitFor(10s, [this] { return Get("/health").status == 200; }));
  }
  EXPECT_EQ(GetJson("/stats/" + Page("before"))["total_visits"].number(), 1);
  EXPECT_EQ(service().WorkerPids(), workers_) << "no worker was started anew\n" << LoggedSince();
}

// The data folder becomes a small file system of its own, which is filled to its last byte.
class FullDisk : public ServiceTest {
 protected:
  static constexpr const char* kSize = "size=3m";
  static constexpr size_t kRoomBytes = 1 << 20;  // that there will be again, however much of the rest the log reserves

  static void SetUpTestSuite() {
    if (unshare(CLONE_NEWNS) != 0 || mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) {
      why_not_ = std::generic_category().message(errno);
      return;
    }
    StartService({.workers = kWorkers, .all_accept = true});
    if (mount("tmpfs", service().data_folder().c_str(), "tmpfs", 0, kSize) != 0) {
      why_not_ = std::generic_category().message(errno);
      return;
    }
    std::ofstream(Ballast(), std::ios::binary) << std::string(kRoomBytes, 'x');
  }
  static void TearDownTestSuite() {
    if (why_not_.empty()) umount2(service().data_folder().c_str(), MNT_DETACH);
    ServiceTest::TearDownTestSuite();
  }

  void SetUp() override {
    if (!why_not_.empty()) GTEST_SKIP() << "this machine does not permit mounting a file system: " << why_not_;
    ServiceTest::SetUp();
  }

  static std::string Ballast() { return service().data_folder() + "/ballast"; }
  static void Fill() {
    std::ofstream ballast(Ballast(), std::ios::binary | std::ios::app);
    while (ballast.write("0123456789abcdef", 16).flush()) {
    }
  }

  static inline std::string why_not_;
};

TEST_F(FullDisk, RefusesWhatItCannotKeepAndGoesOnOnceThereIsRoom) {
  const auto workers = service().WorkerPids();
  EXPECT_TRUE(WaitFor(10s, [this] { return Visit(Page("first")).status == 200; }));
  int64_t acknowledged = StoredVisits();
  ASSERT_EQ(acknowledged, 1);
  Fill();
  const size_t logged = service().Output().size();
  auto recorded_at = std::chrono::steady_clock::now();
  int refused = 0;
  for (int i = 0; refused < 40 && i < 3000; ++i) {
    const auto response = Visit(Page(std::to_string(i) + "/" + std::string(1500, 'x')));
    if (response.status == 200) {
      ++acknowledged;
      recorded_at = std::chrono::steady_clock::now();
    } else {
      ExpectError(response, 503);
      EXPECT_TRUE(response.HasHeader("Retry-After"));
      ++refused;
      EXPECT_EQ(StoredVisits(), acknowledged) << "reading goes on";
    }
  }
  EXPECT_EQ(refused, 40) << "the disk is not full";
  const std::string log = service().Output().substr(logged);
  EXPECT_NE(log.find("full"), std::string::npos) << log;
  EXPECT_LE(CountOf(log, "\n"), 2 * kWorkers) << "not a line a request:\n" << log;
  // For a worker that has not failed itself, a visit that was recorded less than a second ago is proof enough.
  EXPECT_TRUE(WaitFor(10s, [this, recorded_at] {
    return std::chrono::steady_clock::now() > recorded_at + 1s && Get("/health").status == 503;
  }));
  const auto refuses = [this](int number) {
    // Several pages long, so that it fits into none of the little that is free again.
    EXPECT_EQ(Visit(Page("refused" + std::to_string(number)) + std::string(7000, 'x')).status, 503);
    EXPECT_EQ(Get("/health").status, 503) << "there may be room for a small row, but there is none for a visit";
  };
  for (int i = 0; i < 2; ++i) {
    fs::resize_file(Ballast(), fs::file_size(Ballast()) - 4096);
    refuses(i);
  }
  const auto start = std::chrono::steady_clock::now();
  for (int i = 2; std::chrono::steady_clock::now() < start + 1s; ++i) refuses(i);
  while (std::chrono::steady_clock::now() < start + 3s) EXPECT_EQ(Get("/health").status, 503) << "nobody else comes";

  fs::remove(Ballast());
  EXPECT_TRUE(WaitFor(10s, [this] { return Get("/health").status == 200; })) << "without a visit";
  EXPECT_TRUE(WaitFor(10s, [this] { return Visit(Page("last")).status == 200; })) << service().Output();
  EXPECT_EQ(Get("/health").status, 200);
  EXPECT_EQ(StoredVisits(), acknowledged + 1);
  EXPECT_EQ(DatabaseFile(service().database()).Read("pragma integrity_check"), "ok");
  EXPECT_EQ(service().WorkerPids(), workers);
}

}  // namespace
}  // namespace page_count::e2e
