#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <string>

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

// A backup is put in the database's place, by hand and by page-count restore.
class PutBack : public testing::Test {
 protected:
  void SetUp() override {
    Record("early", 200);
    service_.RunProgram({"backup", Backup(), "--database", service_.database()});
    Record("late", 200);
  }

  std::string Backup() const { return service_.folder() + "/backup.db"; }
  std::string Log() const { return service_.database() + "-wal"; }

  void Record(const std::string& name, size_t pages) {
    Load load(service_.http_port(), {.clients = 8, .pause = 0ms, .site = "load-" + name + ".example"});
    EXPECT_TRUE(WaitFor(20s, [&] { return load.acknowledged() >= pages; })) << service_.Output();
    load.Stop();
  }
  int Post(const std::string& page) {
    ++clients_;
    HttpClient client(service_.http_port(), Protocol::kHttp,
                      "127.94." + std::to_string(clients_ / 250) + "." + std::to_string(clients_ % 250 + 1));
    return client.Send({.method = "POST", .target = "/visit", .headers = kJsonBody, .body = VisitBody(page)}).status;
  }
  void Restore(const std::string& file) { service_.RunProgram({"restore", file, "--database", service_.database()}); }

  static bool HasPagesOf(const std::map<std::string, int>& visits, const std::string& name) {
    const std::string site = "https://load-" + name + ".example/";
    const auto first = visits.lower_bound(site);
    return first != visits.end() && first->first.starts_with(site);
  }
  void ExpectTheBackupsVisits() {
    EXPECT_TRUE(WaitFor(20s, [this] { return Post("https://retry.example/") == 200; })) << service_.Output();
    Record("again", 200);  // each worker may answer one 503
    const auto visits = AllVisitsByPage(service_.http_port());
    EXPECT_TRUE(HasPagesOf(visits, "early"));
    EXPECT_FALSE(HasPagesOf(visits, "late")) << "what was recorded after the backup is back";
    EXPECT_NO_THROW(service_.RunProgram({"check", "--database", service_.database()}));
  }
  void ExpectNameOfTheLogAndTheWayOut(const std::string& said) {
    EXPECT_NE(said.find(Log() + " does not belong"), std::string::npos) << said;
    EXPECT_NE(said.find("page-count restore"), std::string::npos) << said;
  }

  Service service_{{.workers = 2, .all_accept = true}};
  int clients_ = 0;
};

TEST_F(PutBack, ByHandWhileStoppedIsRefusedAndRestoredByTheCommand) {
  ASSERT_TRUE(StopInOrder(service_)) << service_.Output();
  for (const bool in_place : {true, false}) {
    if (!in_place) fs::remove(service_.database());
    fs::copy_file(Backup(), service_.database(), fs::copy_options::overwrite_existing);
    ExpectNameOfTheLogAndTheWayOut(OutputOfFailure(service_, {"check", "--database", service_.database()}));
  }
  Restore(Backup());
  const Rerun rerun(service_);
  ExpectTheBackupsVisits();
}

TEST_F(PutBack, ByHandWhileRunningIsRefusedUntilTheLogIsGone) {
  fs::rename(Backup(), service_.database());
  for (int i = 0; i < 10; ++i) EXPECT_EQ(Post("https://load-refused.example/"), 503);
  ExpectNameOfTheLogAndTheWayOut(service_.Output());
  fs::rename(Log(), service_.folder() + "/old-log");
  ExpectTheBackupsVisits();
}

TEST_F(PutBack, InPlaceWhileRunningIsRefusedUntilTheLogIsGone) {
  fs::copy_file(Backup(), service_.database(), fs::copy_options::overwrite_existing);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(Post("https://load-refused.example/"), 503);
  ExpectNameOfTheLogAndTheWayOut(service_.Output());
  fs::rename(Log(), service_.folder() + "/old-log");
  ExpectTheBackupsVisits();
}

TEST_F(PutBack, WithItsLogRemovedWhileRunningIsWhatIsThere) {
  fs::copy_file(Backup(), service_.database(), fs::copy_options::overwrite_existing);
  fs::remove(Log());
  ExpectTheBackupsVisits();
}

TEST_F(PutBack, ByTheCommandBesideWorkersIsRefused) {
  const std::string said = OutputOfFailure(service_, {"restore", Backup(), "--database", service_.database()});
  EXPECT_NE(said.find("stop page-count"), std::string::npos) << said;
  EXPECT_EQ(Post("https://load-after.example/"), 200);
  EXPECT_TRUE(HasPagesOf(AllVisitsByPage(service_.http_port()), "late"));
}

TEST_F(PutBack, ByTheCommandKeepsOwnerModeAndWhatWasThere) {
  ASSERT_TRUE(StopInOrder(service_)) << service_.Output();
  constexpr uid_t kOther = 12345;
  const uid_t owner = geteuid() == 0 ? kOther : geteuid();
  ASSERT_EQ(chown(service_.database().c_str(), owner, static_cast<gid_t>(-1)), 0);
  ASSERT_EQ(chmod(service_.database().c_str(), 0640), 0);
  Restore(Backup());
  struct stat status{};
  ASSERT_EQ(stat(service_.database().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777U, 0640U);
  EXPECT_EQ(status.st_uid, owner);
  EXPECT_FALSE(fs::exists(Log()));
  EXPECT_TRUE(HasPagesOf(VisitsByPage(service_.database() + ".before-restore"), "late"));
  const Rerun rerun(service_);
  ExpectTheBackupsVisits();
}

}  // namespace
}  // namespace page_count::e2e
