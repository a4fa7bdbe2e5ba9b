#include "worker/store/sqlite/question/growing_sets.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>
#include <thread>

namespace page_count {
namespace {

constexpr size_t kPlenty = 4 << 20;

class GrowingSetsTest : public testing::TestWithParam<size_t> {
 protected:
  static constexpr size_t kGroups = 300;

  // Groups and values are their own codes. Group 0 has no visit, the last ones have many.
  struct Block {
    std::vector<uint16_t> groups;
    std::vector<uint16_t> values;
  };

  void MakeVisits() {
    for (Block& block : blocks_) {
      for (uint16_t group = 1; group < kGroups; ++group) {
        for (int i = 0; i < group * group / 500 + 1; ++i) {
          block.groups.push_back(group);
          block.values.push_back(static_cast<uint16_t>(random_() % values_end_));
          distinct_[group].insert(block.values.back());
        }
      }
    }
  }
  static NumberedVisits Number(const std::vector<uint16_t>& codes, size_t numbers) {
    NumberedVisits numbered{std::vector<uint32_t>(numbers), codes};
    for (size_t code = 0; code < numbers; ++code) numbered.numbers[code] = static_cast<uint32_t>(code);
    return numbered;
  }
  // A thread adds each block.
  void Fill(GrowingSets& sets) {
    std::vector<std::jthread> threads;
    for (const Block& block : blocks_) {
      threads.emplace_back([&] {
        GrowingSets::Scratch scratch;
        sets.AddVisits(Number(block.groups, kGroups), Number(block.values, values_end_), scratch);
      });
    }
  }
  void ExpectCounts(const GrowingSets& sets, size_t first) {
    std::vector<uint64_t> bits;
    for (size_t group = first; group < sets.groups_end(); ++group) {
      EXPECT_EQ(sets.CountDistinct(group, bits), static_cast<int64_t>(distinct_[group].size())) << "group " << group;
    }
  }

  const size_t values_end_ = GetParam();
  std::mt19937 random_{20261127};
  std::array<Block, 6> blocks_;
  std::map<size_t, std::set<uint16_t>> distinct_;
};

TEST_P(GrowingSetsTest, CountTheDistinctValuesOfEachGroup) {
  MakeVisits();
  GrowingSets sets(0, kGroups, values_end_, kPlenty);
  Fill(sets);
  EXPECT_EQ(sets.groups_end(), kGroups);
  ExpectCounts(sets, 0);
}

TEST_P(GrowingSetsTest, LeaveOutVisitsOfOtherGroups) {
  MakeVisits();
  GrowingSets sets(100, 50, values_end_, kPlenty);
  Fill(sets);
  EXPECT_EQ(sets.groups_end(), 150U);
  ExpectCounts(sets, 100);
}

TEST_P(GrowingSetsTest, FitInTheBytesThatAreForThem) {
  MakeVisits();
  size_t visits = 0;
  for (const Block& block : blocks_) visits += block.groups.size();
  GrowingSets sets(0, kGroups, values_end_, GrowingSets::BytesFor(kGroups, visits));
  Fill(sets);
  EXPECT_EQ(sets.groups_end(), kGroups);
}

TEST_P(GrowingSetsTest, GiveUpGroupsForWhichThereIsNoMemory) {
  MakeVisits();
  size_t passes = 0;
  for (size_t first = 0; first < kGroups; ++passes) {
    GrowingSets sets(first, kGroups - first, values_end_, 60'000);
    Fill(sets);
    ASSERT_GT(sets.groups_end(), first);
    ExpectCounts(sets, first);
    first = sets.groups_end();
  }
  EXPECT_GT(passes, 1U);
}

TEST_P(GrowingSetsTest, CountNoneIfThereIsNotMemoryForOne) {
  MakeVisits();
  GrowingSets sets(1, kGroups - 1, values_end_, 300);
  Fill(sets);
  EXPECT_EQ(sets.groups_end(), 1U);
}

// Of few values sets are bits, of many lists.
INSTANTIATE_TEST_SUITE_P(Values, GrowingSetsTest, testing::Values(1, 64, 1'000, 5'000, 60'000));

}  // namespace
}  // namespace page_count
