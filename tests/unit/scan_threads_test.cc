#include "worker/store/sqlite/question/scan_threads.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <thread>

namespace page_count {
namespace {

TEST(ScanThreadsTest, DoEachPieceOnce) {
  std::vector<std::atomic<int>> done(1'000);
  ScanThreads(4).ForEach(done.size(), [&](size_t thread, size_t piece) {
    EXPECT_LT(thread, 4U);
    ++done[piece];
  });
  for (const auto& times : done) EXPECT_EQ(times, 1);
}

TEST(ScanThreadsTest, LeaveFewPiecesToTheCaller) {
  const auto caller = std::this_thread::get_id();
  int done = 0;
  ScanThreads(4).ForEach(7, [&](size_t thread, size_t) {
    EXPECT_EQ(thread, 0U);
    EXPECT_EQ(std::this_thread::get_id(), caller);
    ++done;
  });
  EXPECT_EQ(done, 7);
}

TEST(ScanThreadsTest, KeepAStateForEachThread) {
  const auto sums = ScanThreads(3).ForEach(100, size_t{0}, [](size_t& sum, size_t piece) { sum += piece; });
  ASSERT_EQ(sums.size(), 3U);
  EXPECT_EQ(sums[0] + sums[1] + sums[2], 99U * 100 / 2);
}

TEST(ScanThreadsTest, ThrowWhatOneThrows) {
  const auto work = [](size_t, size_t piece) {
    if (piece == 70) throw std::runtime_error("no more");
  };
  EXPECT_THROW(ScanThreads(4).ForEach(100, work), std::runtime_error);
}

TEST(ScanThreadsTest, EndWithTheFirstException) {
  size_t done = 0;
  const auto work = [&](size_t, size_t piece) {
    if (piece == 70) throw std::runtime_error("no more");
    ++done;
  };
  EXPECT_THROW(ScanThreads(1).ForEach(100, work), std::runtime_error);
  EXPECT_EQ(done, 70U);
}

TEST(ScanThreadsTest, AreFourAtMost) {
  EXPECT_GE(ScanThreads::Default(), 1U);
  EXPECT_LE(ScanThreads::Default(), 4U);
}

}  // namespace
}  // namespace page_count
