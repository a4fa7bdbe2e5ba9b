#include "worker/store/sqlite/question/pair_table.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <thread>

namespace page_count {
namespace {

using Keeps = PairTable::Keeps;

// Visits of groups and values that are their own codes.
struct Visits {
  std::vector<uint16_t> groups;
  std::vector<uint16_t> values;

  static NumberedVisits Number(const std::vector<uint16_t>& codes, size_t numbers) {
    NumberedVisits numbered{std::vector<uint32_t>(numbers), codes};
    for (size_t code = 0; code < numbers; ++code) numbered.numbers[code] = static_cast<uint32_t>(code);
    return numbered;
  }
  void AddTo(PairTable& table, size_t groups_end, size_t values_end) const {
    PairTable::Scratch scratch;
    table.AddVisits(Number(groups, groups_end), Number(values, values_end), scratch);
  }
};

class PairTableTest : public testing::TestWithParam<size_t> {
 protected:
  static constexpr size_t kGroups = 40;

  // Group 0 has no visit; each has more than the one before.
  void MakeVisits() {
    for (auto& block : blocks_) {
      for (uint16_t group = 0; group < kGroups; ++group) {
        for (int i = 0; i < group * group; ++i) {
          block.groups.push_back(group);
          block.values.push_back(static_cast<uint16_t>(random_() % values_end_));
          ++counts_[group][block.values.back()];
          ++visits_[group];
        }
      }
    }
  }
  // A thread adds each block.
  void Fill(PairTable& table, size_t end) {
    while (table.groups_end() < end) EXPECT_TRUE(table.AddGroup(visits_[table.groups_end()]));
    table.Allocate();
    std::vector<std::jthread> threads;
    for (const Visits& block : blocks_) threads.emplace_back([&] { block.AddTo(table, kGroups, values_end_); });
  }

  const size_t values_end_ = GetParam();
  std::mt19937 random_{20261127};
  std::array<Visits, 3> blocks_;
  std::map<size_t, std::map<size_t, int64_t>> counts_;
  std::map<size_t, int64_t> visits_;
};

TEST_P(PairTableTest, CountsTheVisitsOfEachValueInOrder) {
  MakeVisits();
  PairTable table(Keeps::kCounts, 5, values_end_);
  Fill(table, 35);
  PairTable::Scratch scratch;
  for (size_t group = 5; group < 35; ++group) {
    std::vector<std::pair<size_t, int64_t>> counted;
    table.ForEachCount(group, scratch, [&](size_t value, int64_t visits) { counted.emplace_back(value, visits); });
    EXPECT_EQ(counted, decltype(counted)(counts_[group].begin(), counts_[group].end())) << "group " << group;
  }
}

TEST_P(PairTableTest, CountsDistinctValues) {
  MakeVisits();
  PairTable table(Keeps::kDistinct, 5, values_end_);
  Fill(table, 35);
  std::vector<uint64_t> bits;
  for (size_t group = 5; group < 35; ++group) {
    EXPECT_EQ(table.CountDistinct(group, bits), static_cast<int64_t>(counts_[group].size())) << "group " << group;
  }
}

// Few values are counters and bits, many are lists, counted or sorted.
INSTANTIATE_TEST_SUITE_P(Values, PairTableTest, testing::Values(1, 64, 300, 5'000, 60'000));

TEST(PairTableMemoryTest, TakesGroupsUntilTheirVisitsFillIt) {
  PairTable table(Keeps::kCounts, 0, 1 << 20);
  int64_t groups = 0;
  while (table.AddGroup(100'000)) ++groups;
  EXPECT_NEAR(static_cast<double>(groups), 24e6 * 1.048576 / 400'000, 2);
}

TEST(PairTableMemoryTest, TakesAtLeastOneGroup) {
  PairTable table(Keeps::kCounts, 7, 3 << 20);
  EXPECT_TRUE(table.AddGroup(100'000'000));
  EXPECT_FALSE(table.AddGroup(1));
  EXPECT_EQ(table.groups_end(), 8U);
}

TEST(PairTableMemoryTest, KnowsWhetherVisitsHaveItsGroups) {
  PairTable table(Keeps::kCounts, 3, 9);
  EXPECT_TRUE(table.AddGroup(5));
  EXPECT_TRUE(table.HasAnyOf({{1, 3}, {}}));
  EXPECT_FALSE(table.HasAnyOf({{1, 2, 4, UINT32_MAX}, {}}));
}

}  // namespace
}  // namespace page_count
