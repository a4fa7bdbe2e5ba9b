// What becomes of a log that is taken away under two processes: this one, and a child that does what it is told.
#include "worker/store/sqlite/open_sessions.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <memory>
#include <string>

#include "tests/unit/store_fixture.h"

namespace page_count {
namespace {

class OpenSessionsTest : public StoreTest, public testing::WithParamInterface<bool> {
 protected:
  OpenSessionsTest() {
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends_.data()), 0);
    child_ = fork();
    if (child_ == 0) BeTheOther();
    close(ends_[1]);
  }
  ~OpenSessionsTest() override {
    close(ends_[0]);
    waitpid(child_, nullptr, 0);
  }

  enum class Process { kThis, kOther };
  // Whether the process keeps one more visit.
  bool Keeps(Process process) {
    char kept = 0;
    if (process == Process::kThis) {
      if (!store_) store_ = std::make_unique<SqliteVisitStore>(OptionsOfStore());
      kept = KeepsOne(*store_) ? 1 : 0;
    } else {
      EXPECT_EQ(write(ends_[0], "k", 1), 1);
      EXPECT_EQ(read(ends_[0], &kept, 1), 1);
    }
    kept_ += kept;
    return kept != 0;
  }
  // Each notices, in one call, that the log is another one, and goes on with the next.
  void ExpectNoticed(Process first, Process second) {
    for (const Process process : {first, second}) {
      EXPECT_FALSE(Keeps(process));
      EXPECT_TRUE(Keeps(process));
    }
  }

  std::string log_ = database_ + "-wal";
  std::string aside_ = folder_.File("aside");
  int64_t kept_ = 0;

 private:
  SqliteVisitStore::Options OptionsOfStore() {
    return {.path = database_, .now = [this] { return now_; }};
  }
  static bool KeepsOne(SqliteVisitStore& store) {
    try {
      Record(store, {MakeVisit("http://a/")});
      return true;
    } catch (const StoreError&) {
      return false;
    }
  }
  [[noreturn]] void BeTheOther() {
    close(ends_[0]);
    {
      SqliteVisitStore store(OptionsOfStore());
      for (char command = 0; read(ends_[1], &command, 1) == 1;) {
        const char kept = KeepsOne(store) ? 1 : 0;
        if (write(ends_[1], &kept, 1) != 1) break;
      }
    }
    _exit(0);
  }

  std::array<int, 2> ends_{};
  pid_t child_ = 0;
  std::unique_ptr<SqliteVisitStore> store_;
};

TEST_P(OpenSessionsTest, ALogThatIsPutBackOverANewerOneTakesNothingWithIt) {
  using enum Process;
  for (const Process process : {kThis, kOther}) ASSERT_TRUE(Keeps(process));
  std::filesystem::rename(log_, aside_);
  ExpectNoticed(kThis, kOther);
  for (const Process process : {kThis, kOther}) ASSERT_TRUE(Keeps(process));
  std::filesystem::rename(aside_, log_);
  const bool is_noticed_by_the_same = GetParam();
  ExpectNoticed(is_noticed_by_the_same ? kThis : kOther, is_noticed_by_the_same ? kOther : kThis);
  auto later = OpenStore();
  EXPECT_EQ(VisitsOf(later), kept_);
}

INSTANTIATE_TEST_SUITE_P(NoticedFirst, OpenSessionsTest, testing::Bool(),
                         [](const auto& test) { return test.param ? "ByTheSame" : "ByTheOther"; });

}  // namespace
}  // namespace page_count
