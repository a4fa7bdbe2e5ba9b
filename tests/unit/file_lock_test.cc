#include "worker/system/file_lock.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <fstream>
#include <optional>
#include <string>
#include <system_error>
#include <thread>

#include "tests/unit/temporary_folder.h"

namespace page_count {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::seconds kDeadline(20);

class FileLockTest : public testing::Test {
 protected:
  // Whether anybody comes to wait for a turn.
  bool IsWaitedFor() const {
    struct stat status = {};
    EXPECT_EQ(stat(path_.c_str(), &status), 0);
    const std::string inode = ":" + std::to_string(status.st_ino) + " ";
    for (const auto end = steady_clock::now() + kDeadline; steady_clock::now() < end; std::this_thread::yield()) {
      std::ifstream locks("/proc/locks");
      for (std::string line; std::getline(locks, line);) {
        if (line.find("-> OFDLCK") != std::string::npos && line.find(inode) != std::string::npos) return true;
      }
    }
    return false;
  }
  // A process that has the turn, and keeps it until it is killed.
  pid_t StartHolder() const {
    std::array<int, 2> taken = {};
    EXPECT_EQ(pipe(taken.data()), 0);
    const pid_t holder = fork();
    if (holder == 0) {
      const FileLock lock(path_);
      const auto turn = lock.Lock();
      if (write(taken[1], "t", 1) != 1) _exit(1);
      for (;;) pause();
    }
    char byte = 0;
    EXPECT_EQ(read(taken[0], &byte, 1), 1);
    close(taken[0]);
    close(taken[1]);
    return holder;
  }

  TemporaryFolder folder_;
  std::string path_ = folder_.File("lock");
};

TEST_F(FileLockTest, IsHeldByOneAtATime) {
  const FileLock first(path_);
  const FileLock second(path_);
  {
    const auto turn = first.Lock();
    EXPECT_FALSE(second.TryLock());
  }
  const auto turn = second.TryLock();
  EXPECT_TRUE(turn);
  EXPECT_FALSE(first.TryLock());
}

TEST_F(FileLockTest, IsHeldAsLongAsItsTurnIsMovedAround) {
  const FileLock first(path_);
  const FileLock second(path_);
  std::optional<FileLock::Guard> turn(first.Lock());
  std::optional<FileLock::Guard> moved(std::move(turn));
  turn.reset();
  EXPECT_FALSE(second.TryLock());
  moved.reset();
  EXPECT_TRUE(second.TryLock());
}

TEST_F(FileLockTest, ComesToWhoWaitsBeforeItsLastHolderGetsItAgain) {
  const FileLock last(path_);
  std::atomic<int> turns_of_waiter = 0;
  for (int round = 0; round < 20; ++round) {
    std::optional<FileLock::Guard> turn(last.Lock());
    std::thread waiter([&] {
      const FileLock lock(path_);
      const auto waited_for = lock.Lock();
      ++turns_of_waiter;
    });
    EXPECT_TRUE(IsWaitedFor());
    turn.reset();
    turn.emplace(last.Lock());
    EXPECT_EQ(turns_of_waiter, round + 1);
    waiter.join();
  }
}

TEST_F(FileLockTest, IsNotTakenFromThoseWhoWaitByATry) {
  const FileLock last(path_);
  const FileLock third(path_);
  std::optional<FileLock::Guard> turn(last.Lock());
  std::atomic<bool> has_had_it = false;
  std::thread waiter([&] {
    const FileLock lock(path_);
    const auto waited_for = lock.Lock();
    has_had_it = true;
  });
  EXPECT_TRUE(IsWaitedFor());
  turn.reset();
  while (!third.TryLock()) std::this_thread::yield();
  EXPECT_TRUE(has_had_it);
  waiter.join();
}

TEST_F(FileLockTest, IsFreeOnceTheProcessThatHeldItIsKilled) {
  const FileLock lock(path_);
  const pid_t holder = StartHolder();
  EXPECT_FALSE(lock.TryLock());
  EXPECT_EQ(kill(holder, SIGKILL), 0);
  EXPECT_EQ(waitpid(holder, nullptr, 0), holder);
  EXPECT_TRUE(lock.TryLock());
}

TEST_F(FileLockTest, ComesToWhoWaitsOnceTheProcessThatHeldItIsKilled) {
  const FileLock lock(path_);
  const pid_t holder = StartHolder();
  std::thread waiter([&] { EXPECT_NO_THROW(static_cast<void>(lock.Lock())); });
  EXPECT_TRUE(IsWaitedFor());
  EXPECT_EQ(kill(holder, SIGKILL), 0);
  waiter.join();
  EXPECT_EQ(waitpid(holder, nullptr, 0), holder);
}

TEST_F(FileLockTest, SaysWhichFileItCannotOpen) {
  const std::string missing = folder_.File("missing/lock");
  try {
    const FileLock lock(missing);
    ADD_FAILURE() << "it was opened";
  } catch (const std::system_error& error) {
    EXPECT_EQ(error.code(), std::errc::no_such_file_or_directory);
    EXPECT_NE(std::string(error.what()).find(missing), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace page_count
