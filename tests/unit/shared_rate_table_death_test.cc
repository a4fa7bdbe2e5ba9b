// What the death of a process does to the others that share its table.
#include <gtest/gtest.h>
#include <sys/ptrace.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tests/unit/rate_table_fixture.h"
#include "worker/limit/rate_entry.h"
#include "worker/limit/shared_rate_table.h"

namespace page_count {
namespace {

using namespace std::chrono_literals;

class SharedRateTableDeathTest : public RateTableTest {
 protected:
  // A process that does `work` and has stopped in it where it reads the clock: its bucket is locked.
  pid_t StartStopped(const std::function<void()>& work) {
    const pid_t child = Start([&] {
      if (ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) != 0) return kFailed;
      stops_at_clock_ = true;
      work();
      return 0;
    });
    EXPECT_TRUE(WIFSTOPPED(StatusOf(child))) << "this test needs ptrace";
    return child;
  }

  // False where the process has come to its end.
  static bool Step(pid_t child) {
    ptrace(PTRACE_SINGLESTEP, child, nullptr, nullptr);
    return WIFSTOPPED(StatusOf(child));
  }

  // After how many instructions `work` changes a byte that other processes see.
  std::vector<int> Changes(const std::function<void()>& work) {
    std::vector<int> changes = {0};
    const pid_t child = StartStopped(work);
    std::string seen = SharedRateTablePeer::BytesOf(*table_);
    for (int steps = 1; Step(child); ++steps) {
      std::string now = SharedRateTablePeer::BytesOf(*table_);
      if (now != seen) changes.push_back(steps);
      seen = std::move(now);
    }
    return changes;
  }

  // Kills a process after each change that `work` makes to the table, always on a table that `prepare` made.
  void KillAfterEachChange(const std::function<void()>& prepare, const std::function<void()>& work,
                           const std::function<void()>& check) {
    prepare();
    const std::vector<int> changes = Changes(work);
    ASSERT_GE(changes.size(), 3U);
    for (const int change : changes) {
      prepare();
      const pid_t child = StartStopped(work);
      for (int steps = 0; steps < change; ++steps) ASSERT_TRUE(Step(child));
      kill(child, SIGKILL);
      ASSERT_TRUE(WIFSIGNALED(StatusOf(child)));
      check();
      ASSERT_FALSE(HasFailure()) << "killed after instruction " << change;
    }
  }

  void MakeAnew() {
    table_.reset();
    std::filesystem::remove(options_.path);
    table_ = Open();
  }

  // A table of one bucket, full of keys "0" to "15", the first idle longest.
  void FullBucket() {
    MakeAnew();
    for (int key = 0; key < 16; ++key) {
      EXPECT_TRUE(Admit(*table_, KeyOf(std::to_string(key)), 1).admitted);
      Advance(1s);
    }
  }

  std::unique_ptr<SharedRateTable> table_;
};

TEST_F(SharedRateTableDeathTest, AProcessKilledWithABucketsLockStopsNobody) {
  auto table = Open();
  ASSERT_TRUE(Admit(*table, kKey, 3).admitted);
  const pid_t child = Start([&] {
    SharedRateTablePeer::Lock(*table, kKey);
    raise(SIGKILL);
    return 0;
  });
  ASSERT_TRUE(WIFSIGNALED(StatusOf(child)));
  EXPECT_EQ(AdmitAll(*table, kKey, 3), 2);
  EXPECT_EQ(ExitOf(Start([&] { return AdmitAll(*Open(), kKey, 4); })), 1);
}

TEST_F(SharedRateTableDeathTest, OneWhoWaitsForTheLockGoesOnWhenItsHolderIsKilled) {
  auto table = Open();
  std::array<int, 2> locked = {};
  ASSERT_EQ(pipe(locked.data()), 0);
  const pid_t holder = Start([&] {
    SharedRateTablePeer::Lock(*table, kKey);
    if (write(locked[1], "x", 1) != 1) return kFailed;
    pause();
    return 0;
  });
  char byte = 0;
  ASSERT_EQ(read(locked[0], &byte, 1), 1);
  const pid_t waiter = Start([&] { return AdmitAll(*table, kKey, 7); });
  kill(holder, SIGKILL);
  EXPECT_TRUE(WIFSIGNALED(StatusOf(holder)));
  EXPECT_EQ(ExitOf(waiter), 7);
  close(locked[0]);
  close(locked[1]);
}

TEST_F(SharedRateTableDeathTest, ADeathAtAnyStepOfAVisitLeavesAValidLog) {
  options_.visits_per_key = 3;
  // A full ring: one visit that has expired, two that count for 50 s more.
  const auto prepare = [&] {
    MakeAnew();
    EXPECT_TRUE(Admit(*table_, kKey, 3).admitted);
    Advance(50s);
    EXPECT_EQ(AdmitAll(*table_, kKey, 3), 2);
    Advance(10s);
  };
  const auto work = [&] { Admit(*table_, kKey, 3); };
  KillAfterEachChange(prepare, work, [&] {
    EXPECT_LE(AdmitAll(*table_, kKey, 3), 1);
    EXPECT_EQ(Admit(*table_, kKey, 3).retry_after, 50s);
    Advance(50s);
    EXPECT_EQ(AdmitAll(*table_, kKey, 3), 2);
  });
}

TEST_F(SharedRateTableDeathTest, ADeathAtAnyStepOfAnEvictionTouchesNoOtherKey) {
  options_.visits_per_key = 2;
  const auto work = [&] { Admit(*table_, KeyOf("new"), 1); };
  const auto prepare = [&] { FullBucket(); };
  KillAfterEachChange(prepare, work, [&] {
    for (int key = 1; key < 16; ++key) EXPECT_FALSE(Admit(*table_, KeyOf(std::to_string(key)), 1).admitted) << key;
    EXPECT_LE(AdmitAll(*table_, KeyOf("new"), 1), 1);
    for (int key = 1; key < 16; ++key) EXPECT_FALSE(Admit(*table_, KeyOf(std::to_string(key)), 1).admitted) << key;
    EXPECT_LE(table_->live_evictions(), 1U);
  });
}

TEST_F(SharedRateTableDeathTest, AVisitThatDiedUncountedDoesNotKeepItsKeyFromBeingIdleLongest) {
  const auto work = [&] { Admit(*table_, KeyOf("0"), 2); };
  const auto prepare = [&] { FullBucket(); };
  KillAfterEachChange(prepare, work, [&] {
    const bool counted = Admit(*table_, KeyOf("0"), 1).retry_after == 60s;
    for (int key = 1; key < 16; ++key) {  // being refused, each is as much in use as "0" is by that
      Advance(1ms);
      EXPECT_FALSE(Admit(*table_, KeyOf(std::to_string(key)), 1).admitted) << key;
    }
    EXPECT_TRUE(Admit(*table_, KeyOf("new"), 1).admitted);
    EXPECT_TRUE(Admit(*table_, KeyOf(counted ? "1" : "0"), 1).admitted) << "it should have made room";
  });
}

TEST_F(SharedRateTableDeathTest, ADeathAtAnyStepOfTheTurnOf32BitsKeepsWhatCounts) {
  const auto prepare = [&] {
    now_ms_ = (uint64_t{1} << 32) - 70'000;
    MakeAnew();
    EXPECT_EQ(AdmitAll(*table_, KeyOf("old"), 3), 3);
    Advance(60s);
    EXPECT_EQ(AdmitAll(*table_, kKey, 3), 3);
    Advance(30s);
  };
  const auto work = [&] { Admit(*table_, KeyOf("new"), 1); };
  KillAfterEachChange(prepare, work, [&] {
    EXPECT_EQ(Admit(*table_, kKey, 3).retry_after, 30s);
    EXPECT_EQ(AdmitAll(*table_, KeyOf("old"), 3), 3);
    EXPECT_LE(AdmitAll(*table_, KeyOf("new"), 1), 1);
  });
}

TEST_F(SharedRateTableDeathTest, ADeathAtAnyStepOfARefundLeavesAValidLog) {
  const auto prepare = [&] {
    MakeAnew();
    EXPECT_TRUE(Admit(*table_, kKey, 2).admitted);
    Advance(20s);
    EXPECT_TRUE(Admit(*table_, kKey, 2).admitted);
  };
  const auto work = [&] { Refund(*table_, kKey); };
  KillAfterEachChange(prepare, work, [&] {
    EXPECT_LE(AdmitAll(*table_, kKey, 2), 1);
    EXPECT_EQ(Admit(*table_, kKey, 2).retry_after, 40s);
  });
}

TEST_F(SharedRateTableDeathTest, ALogThatReachesOutOfItsRingIsDroppedAfterADeath) {
  options_.visits_per_key = 3;
  const auto now_ms = static_cast<uint32_t>(now_ms_);
  for (const RateLog corrupt : {RateLog{now_ms, 0, 4}, RateLog{now_ms, 3, 1}}) {
    MakeAnew();
    ASSERT_TRUE(Admit(*table_, kKey, 1).admitted);
    ASSERT_TRUE(Admit(*table_, KeyOf("another"), 1).admitted);
    const pid_t child = Start([&] {
      SharedRateTablePeer::Lock(*table_, kKey);
      SharedRateTablePeer::HeadOf(*table_, kKey).logs[0] = corrupt;
      raise(SIGKILL);
      return 0;
    });
    ASSERT_TRUE(WIFSIGNALED(StatusOf(child)));
    EXPECT_TRUE(Admit(*table_, kKey, 1).admitted);
    EXPECT_FALSE(Admit(*table_, KeyOf("another"), 1).admitted);
  }
}

TEST_F(SharedRateTableDeathTest, ADeathBeforeOrAfterAnySystemCallOfOpenLeavesATableToOpen) {
  for (int calls = 0;; ++calls) {
    std::filesystem::remove(options_.path);
    const pid_t child = Start([&] {
      ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
      raise(SIGSTOP);
      Open();
      return 0;
    });
    int status = StatusOf(child);
    for (int stops = 0; WIFSTOPPED(status) && stops < calls; ++stops) {
      ptrace(PTRACE_SYSCALL, child, nullptr, nullptr);
      status = StatusOf(child);
    }
    const bool done = !WIFSTOPPED(status);
    if (!done) {
      kill(child, SIGKILL);
      ASSERT_TRUE(WIFSIGNALED(StatusOf(child)));
    }
    ASSERT_EQ(AdmitAll(*Open(), kKey, 3), 3) << "killed at the stop " << calls;
    if (!done) continue;
    EXPECT_GT(calls, 20);
    return;
  }
}

}  // namespace
}  // namespace page_count
