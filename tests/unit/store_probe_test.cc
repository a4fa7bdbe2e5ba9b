#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/unit/store_fixture.h"

namespace page_count {
namespace {

using StoreProbeTest = StoreTest;

TEST_F(StoreProbeTest, ProbesDoNotMakeTheWriteAheadLogGrowWithoutBound) {
  auto store = OpenStore();
  for (int i = 0; i < 1'000; ++i) store.ProbeWriting(64 << 10);
  EXPECT_LT(std::filesystem::file_size(database_ + "-wal"), 1U << 20);
}

TEST_F(StoreProbeTest, AProbeWritesAsMuchAsItIsAskedToAndLeavesNothingBehind) {
  auto store = OpenStore();
  Record(store, {MakeVisit("http://a/")});
  const auto before = std::filesystem::file_size(database_ + "-wal");
  store.ProbeWriting(1 << 20);
  EXPECT_GE(std::filesystem::file_size(database_ + "-wal"), before + (1 << 20));
  auto other = OpenStore();
  EXPECT_TRUE(other.Check().empty());
  Record(other, {MakeVisit("http://b/")});
  store.ProbeWriting(1 << 20);
  EXPECT_EQ(ReadAll(other).size(), 2U);
  EXPECT_TRUE(OpenStore().Check().empty());
}

TEST_F(StoreProbeTest, AProbeFailsIfThereIsNoRoomForWhatItWrites) {
  auto store = OpenStore();
  Record(store, {MakeVisit("http://a/")});
  rlimit limit{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &limit), 0);
  std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{std::filesystem::file_size(database_ + "-wal") + (128 << 10), limit.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  EXPECT_NO_THROW(store.ProbeWriting(64 << 10));
  EXPECT_THROW(store.ProbeWriting(256 << 10), StoreError);
  EXPECT_NO_THROW(store.ProbeWriting(64 << 10));
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

TEST_F(StoreProbeTest, ReadingIsProbedByTheNewestVisit) {
  auto one = OpenStore();
  auto other = OpenStore();
  const int64_t before = one.ProbeReading();
  EXPECT_EQ(one.ProbeReading(), before);
  Record(other, {MakeVisit("http://a/")});
  EXPECT_GT(one.ProbeReading(), before);
}

}  // namespace
}  // namespace page_count
