#include "worker/system/shared_counters.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <system_error>

#include "tests/unit/temporary_folder.h"

namespace page_count {
namespace {

TEST(SharedCounters, AddUpWhatProcessesCount) {
  const TemporaryFolder folder;
  const std::string path = folder.File("counters");
  SharedCounters counters(path, 1'000);
  for (int process = 0; process < 3; ++process) {
    const pid_t child = fork();
    if (child == 0) {
      SharedCounters own(path, 2'000);
      for (int i = 0; i < 10'000; ++i) own.Add(2, 1);
      _exit(0);
    }
    ASSERT_GT(child, 0);
  }
  for (int process = 0; process < 3; ++process) wait(nullptr);
  EXPECT_EQ(counters.Read(2), 30'000);
  EXPECT_EQ(counters.Read(1), 0);
  EXPECT_EQ(counters.Read(SharedCounters::kMost - 1), 0);
  EXPECT_EQ(counters.since_ms(), 1'000) << "of whoever was the first";
}

TEST(SharedCounters, StayWhenProcessesEnd) {
  const TemporaryFolder folder;
  const std::string path = folder.File("counters");
  SharedCounters(path, 1'000).Add(0, 7);
  const SharedCounters again(path, 2'000);
  EXPECT_EQ(again.Read(0), 7);
  EXPECT_EQ(again.since_ms(), 1'000);
}

TEST(SharedCounters, SayWhereTheyCannotBe) { EXPECT_THROW(SharedCounters("/nowhere/counters", 1), std::system_error); }

}  // namespace
}  // namespace page_count
