#include "worker/store/sqlite/rollup/packed_counts.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace page_count {
namespace {

using namespace std::string_literals;

using Entries = std::vector<PackedCounts::Entry>;

PackedCounts CountsOf(const Entries& entries) {
  PackedCounts counts;
  for (const auto& entry : entries) counts.Add(entry.id, entry.visits);
  return counts;
}

TEST(PackedCountsTest, AddsUpByAgentInTheirOrder) {
  const PackedCounts counts = CountsOf({{7, 1}, {2, 5}, {7, 3}, {1, 1}, {9, 2}});
  EXPECT_EQ(counts.entries(), (Entries{{1, 1}, {2, 5}, {7, 4}, {9, 2}}));
}

TEST(PackedCountsTest, DropsAnAgentWithoutVisits) {
  PackedCounts counts = CountsOf({{1, 2}, {2, 1}, {3, 1}});
  counts.Add(2, -1);
  counts.Add(1, -1);
  EXPECT_EQ(counts.entries(), (Entries{{1, 1}, {3, 1}}));
  counts.Add(1, -1);
  counts.Add(3, -1);
  EXPECT_EQ(counts, PackedCounts());
  EXPECT_EQ(counts.Pack(), "");
}

TEST(PackedCountsTest, AddsOtherCounts) {
  PackedCounts counts = CountsOf({{1, 1}, {4, 2}});
  counts.Add(CountsOf({{4, 3}, {2, 1}, {9, 9}}));
  EXPECT_EQ(counts.entries(), (Entries{{1, 1}, {2, 1}, {4, 5}, {9, 9}}));
  counts.Add(PackedCounts());
  EXPECT_EQ(counts.entries().size(), 4U);
  PackedCounts none;
  none.Add(counts);
  EXPECT_EQ(none, counts);
}

TEST(PackedCountsTest, KnowsWhichIdsItHas) {
  const PackedCounts counts = CountsOf({{2, 1}, {7, 3}});
  EXPECT_TRUE(counts.Has(2));
  EXPECT_TRUE(counts.Has(7));
  for (const int64_t id : {0, 1, 3, 8}) EXPECT_FALSE(counts.Has(id)) << id;
  EXPECT_FALSE(PackedCounts().Has(1));
}

TEST(PackedCountsTest, SplitsIntoPiecesInOrder) {
  const PackedCounts counts = CountsOf({{1, 1}, {2, 2}, {3, 3}, {4, 4}, {5, 5}});
  EXPECT_EQ(counts.Split(2), (std::vector{CountsOf({{1, 1}, {2, 2}, {3, 3}}), CountsOf({{4, 4}, {5, 5}})}));
  EXPECT_EQ(counts.Split(1), std::vector{counts});
  EXPECT_EQ(counts.Split(9).size(), 5U);
  EXPECT_EQ(PackedCounts().Split(3), std::vector<PackedCounts>());
}

TEST(PackedCountsTest, PacksDistancesAndCountsAsLeb128) {
  EXPECT_EQ(CountsOf({{1, 1}}).Pack(), "\x01\x01");
  EXPECT_EQ(CountsOf({{5, 127}, {133, 128}}).Pack(), "\x05\x7f\x80\x01\x80\x01");
  EXPECT_EQ(CountsOf({{300, 1'000'000}}).Pack(), "\xac\x02\xc0\x84\x3d");
}

TEST(PackedCountsTest, UnpacksWhatItPacked) {
  for (const Entries& entries :
       {Entries{}, Entries{{1, 1}}, Entries{{1, INT64_MAX}}, Entries{{INT64_MAX, 1}},
        Entries{{1, 127}, {128, 128}, {129, 16'383}, {16'384, 16'384}, {INT64_MAX, INT64_MAX}}}) {
    EXPECT_EQ(PackedCounts::Unpack(CountsOf(entries).Pack()).entries(), entries);
  }
}

TEST(PackedCountsTest, UnpacksWhatCanBeReadOfADamagedBlob) {
  const Entries first = {{1, 2}};
  EXPECT_EQ(PackedCounts::Unpack("\x01").entries(), Entries{});
  EXPECT_EQ(PackedCounts::Unpack("\x01\x02\x03").entries(), first);
  EXPECT_EQ(PackedCounts::Unpack("\x01\x02\x03\x80").entries(), first);
  EXPECT_EQ(PackedCounts::Unpack("\x01\x02" + std::string(11, '\xff') + "\x01").entries(), first);
}

TEST(PackedCountsTest, UnpacksNothingThatNoPackWrites) {
  const Entries first = {{1, 2}};
  EXPECT_EQ(PackedCounts::Unpack("\x01\x02\x03\x00\x01\x01"s).entries(), first) << "a count of zero";
  EXPECT_EQ(PackedCounts::Unpack("\x01\x02\x00\x01"s).entries(), first) << "an agent twice";
  const std::string most = std::string(9, '\xff') + "\x01";  // 2^64 - 1
  EXPECT_EQ(PackedCounts::Unpack("\x01\x02" + most + "\x01").entries(), first) << "an agent beyond all ids";
  EXPECT_EQ(PackedCounts::Unpack("\x01\x02\x01" + most).entries(), first) << "a negative count";
  const std::string half = std::string(8, '\xff') + "\x7f";  // 2^63 - 1
  EXPECT_EQ(PackedCounts::Unpack("\x01\x02" + half + "\x01").entries(), first) << "a sum beyond all ids";
}

}  // namespace
}  // namespace page_count
