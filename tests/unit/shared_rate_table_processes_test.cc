// A SharedRateTable among threads and processes.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <latch>
#include <string>
#include <thread>
#include <vector>

#include "tests/unit/rate_table_fixture.h"
#include "worker/limit/shared_rate_table.h"

namespace page_count {
namespace {

class SharedRateTableProcessesTest : public RateTableTest {
 protected:
  // The sum of what `count` processes, let loose at once, return.
  static int SumOf(int count, const std::function<int()>& work) {
    std::array<int, 2> gate = {};
    EXPECT_EQ(pipe2(gate.data(), O_CLOEXEC), 0);
    std::vector<pid_t> children;
    children.reserve(static_cast<size_t>(count));
    for (int i = 0; i < count; ++i) {
      children.push_back(Start([&] {
        close(gate[1]);
        char byte = 0;
        return read(gate[0], &byte, 1) == 0 ? work() : kFailed;  // end of file: the parent has opened the gate
      }));
    }
    close(gate[0]);
    close(gate[1]);
    int sum = 0;
    for (const pid_t child : children) sum += ExitOf(child);
    return sum;
  }

  // How many processes wait for a lock on this file.
  static int WaitersFor(int fd) {
    struct stat status = {};
    EXPECT_EQ(fstat(fd, &status), 0);
    const std::string inode = ":" + std::to_string(status.st_ino) + " ";
    std::ifstream locks("/proc/locks");
    int waiters = 0;
    for (std::string line; std::getline(locks, line);) {
      if (line.find("-> FLOCK") != std::string::npos && line.find(inode) != std::string::npos) ++waiters;
    }
    return waiters;
  }

  // Ends well where `work` makes no system call.
  static bool RunsWithoutSystemCalls(const std::function<void()>& work) {
    const pid_t child = Start([&] {
      std::array<sock_filter, 4> program = {{{BPF_LD | BPF_W | BPF_ABS, 0, 0, 0},
                                             {BPF_JMP | BPF_JEQ | BPF_K, 0, 1, SYS_exit_group},
                                             {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW},
                                             {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_KILL_PROCESS}}};
      const sock_fprog filter = {.len = program.size(), .filter = program.data()};
      if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return kFailed;
      if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) != 0) return kFailed;
      work();
      return 0;
    });
    return ExitOf(child) == 0;
  }
};

TEST_F(SharedRateTableProcessesTest, SixtyFourThreadsForOneKeyGetExactlyTenVisits) {
  auto table = SharedRateTable::Open(options_);
  std::atomic<int> admitted = 0;
  std::latch start(64);
  std::vector<std::thread> threads;
  threads.reserve(64);
  for (int i = 0; i < 64; ++i) {
    threads.emplace_back([&] {
      start.arrive_and_wait();
      if (Admit(*table, kKey, 10).admitted) ++admitted;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(admitted, 10);
}

TEST_F(SharedRateTableProcessesTest, ThreadsWithManyKeysInOneBucketKeepEachKeysLimit) {
  auto table = SharedRateTable::Open(options_);
  std::atomic<int> admitted = 0;
  std::vector<std::thread> threads;
  threads.reserve(8);
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 20; ++round) {
        for (int key = 0; key < 16; ++key) admitted += Admit(*table, KeyOf(std::to_string(key)), 10).admitted ? 1 : 0;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(admitted, 160);
}

TEST_F(SharedRateTableProcessesTest, SixtyFourProcessesForOneKeyGetExactlyTenVisits) {
  const int admitted = SumOf(64, [&] { return Admit(*SharedRateTable::Open(options_), kKey, 10).admitted ? 1 : 0; });
  EXPECT_EQ(admitted, 10);
}

TEST_F(SharedRateTableProcessesTest, ProcessesThatOpenAtOnceShareOneTable) {
  for (int round = 0; round < 20; ++round) {
    std::filesystem::remove(options_.path);
    ASSERT_EQ(SumOf(8, [&] { return AdmitAll(*Open(), kKey, 5); }), 5) << "round " << round;
  }
}

TEST_F(SharedRateTableProcessesTest, ProcessesThatHaveAllFoundNoTableShareTheOneThatTheFirstMakes) {
  const std::string lock_path = options_.path + ".lock";
  const int lock = open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  ASSERT_EQ(flock(lock, LOCK_EX), 0);
  std::vector<pid_t> children;
  children.reserve(4);
  for (int i = 0; i < 4; ++i) children.push_back(Start([&] { return AdmitAll(*Open(), kKey, 5); }));
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (WaitersFor(lock) < 4 && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
  EXPECT_EQ(WaitersFor(lock), 4);
  flock(lock, LOCK_UN);  // not just closed: the children have the descriptor too
  close(lock);
  int admitted = 0;
  for (const pid_t child : children) admitted += ExitOf(child);
  EXPECT_EQ(admitted, 5);
}

TEST_F(SharedRateTableProcessesTest, ADecisionNeedsNoSystemCall) {
  if (PAGE_COUNT_SANITIZED) GTEST_SKIP() << "sanitizers make system calls of their own";
  auto table = SharedRateTable::Open(options_);
  timespec time = {};
  if (!RunsWithoutSystemCalls([&] { clock_gettime(CLOCK_BOOTTIME, &time); })) {
    GTEST_SKIP() << "reading the clock is a system call on this machine";
  }
  EXPECT_TRUE(RunsWithoutSystemCalls([&] {
    for (int i = 0; i < 1000; ++i) Admit(*table, KeyOf(std::to_string(i)), 10);
  }));
}

}  // namespace
}  // namespace page_count
