#include "worker/store/sqlite/columns/column_codec.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace page_count {
namespace {

using Ids = std::vector<int64_t>;

constexpr size_t kHeaderBytes = 24;
constexpr int64_t kMaxId = std::numeric_limits<int64_t>::max();
constexpr int64_t kMaxNumber = (1 << 20) - 1;
constexpr int64_t kMillisecond = 1 << 20;  // of a visit's id
constexpr VisitId kSomeTime = 1'772'323'200'000 * kMillisecond;

Ids IdsOf(const CodeColumn& column) {
  Ids ids;
  for (size_t visit = 0; visit < column.codes.size(); ++visit) ids.push_back(column.IdOf(visit));
  return ids;
}

size_t CodeBytesIn(const std::string& blob) { return static_cast<uint8_t>(blob[2]); }

void ExpectTimesBack(const Ids& ids) {
  const auto decoded = DecodeTimes(EncodeTimes(ids));
  ASSERT_TRUE(decoded.has_value());
  EXPECT_TRUE(*decoded == ids);
}

void ExpectIdsBack(const Ids& ids) {
  const auto decoded = DecodeCodes(BlockColumn::kClient, EncodeCodes(BlockColumn::kClient, ids));
  ASSERT_TRUE(decoded.has_value());
  EXPECT_TRUE(IdsOf(*decoded) == ids);
  const std::set<int64_t> distinct(ids.begin(), ids.end());
  EXPECT_TRUE(std::ranges::equal(decoded->ids, distinct));
}

// That many visits over that many ids, each of which occurs.
Ids SomeIds(size_t visits, size_t distinct) {
  Ids ids(visits);
  for (size_t visit = 0; visit < visits; ++visit) ids[visit] = static_cast<int64_t>(visit * 7 % distinct * 1'000);
  return ids;
}

Ids SomeTimes(size_t visits) {
  Ids ids(visits);
  for (size_t visit = 0; visit < visits; ++visit)
    ids[visit] = kSomeTime + static_cast<int64_t>(visit) * 260 * kMillisecond;
  return ids;
}

TEST(ColumnCodecTest, DecodesTheTimesOfOneVisit) {
  for (const VisitId id : {VisitId{1}, kMaxNumber, kMillisecond, kSomeTime, kSomeTime + 1, kMaxId})
    ExpectTimesBack({id});
}

TEST(ColumnCodecTest, DecodesTheTimesOfAFullBlock) { ExpectTimesBack(SomeTimes(kMaxBlockVisits)); }

TEST(ColumnCodecTest, KeepsTheNumbersWithinAMillisecond) {
  Ids one_after_the_other(5'000);
  for (size_t i = 0; i < one_after_the_other.size(); ++i) one_after_the_other[i] = kSomeTime + static_cast<int64_t>(i);
  ExpectTimesBack(one_after_the_other);
  ExpectTimesBack({kSomeTime + 3, kSomeTime + 4, kSomeTime + 9, kSomeTime + kMillisecond + 1});
  ExpectTimesBack({1, 2, 5, kMillisecond - 1, kMillisecond, kMaxId - 2, kMaxId});
}

TEST(ColumnCodecTest, KeepsTheNumbersAtTheEndOfAMillisecond) {
  Ids ids;
  for (int64_t number = kMaxNumber - 300; number <= kMaxNumber; ++number) ids.push_back(kSomeTime + number);
  ids.push_back(kSomeTime + kMillisecond);
  ids.push_back(kSomeTime + 2 * kMillisecond + kMaxNumber);
  ids.push_back(kSomeTime + 3 * kMillisecond);
  ExpectTimesBack(ids);
}

TEST(ColumnCodecTest, DecodesTheIdOfOneVisit) {
  for (const int64_t id : {int64_t{0}, int64_t{1}, int64_t{127}, int64_t{128}, kMaxId}) ExpectIdsBack({id});
}

TEST(ColumnCodecTest, DecodesTheIdsOfAFullBlock) {
  for (const size_t distinct : {1, 2, 256, 257, 59'000, 65'536}) ExpectIdsBack(SomeIds(kMaxBlockVisits, distinct));
}

TEST(ColumnCodecTest, KeepsIdsThatAreFarApart) {
  ExpectIdsBack({kMaxId, 0, kMaxId - 1, 1, int64_t{1} << 40, kMaxId, 0});
}

TEST(ColumnCodecTest, GivesACodeAsFewBytesAsTheDistinctIdsNeed) {
  const auto blob_of = [](size_t distinct) { return EncodeCodes(BlockColumn::kAgent, SomeIds(1'000, distinct)); };
  EXPECT_EQ(CodeBytesIn(blob_of(1)), 0U);
  EXPECT_LT(blob_of(1).size(), 30U);
  EXPECT_EQ(CodeBytesIn(blob_of(2)), 1U);
  EXPECT_EQ(CodeBytesIn(blob_of(256)), 1U);
  EXPECT_EQ(CodeBytesIn(blob_of(257)), 2U);
  EXPECT_GT(blob_of(257).size(), 2'000U);
}

class RandomColumnTest : public testing::TestWithParam<unsigned> {
 protected:
  // Below a bound that is itself of a random size.
  uint64_t Some(int most_bits) { return random_() >> (64 - 1 - random_() % static_cast<uint64_t>(most_bits)); }
  size_t SomeVisits() { return 1 + random_() % (random_() % 8 == 0 ? kMaxBlockVisits : 2'000); }

  std::mt19937_64 random_{GetParam()};
};

TEST_P(RandomColumnTest, DecodesTheTimesThatItEncoded) {
  SCOPED_TRACE("seed " + std::to_string(GetParam()));
  Ids ids(SomeVisits());
  VisitId last = static_cast<VisitId>(Some(60));
  const int most_bits = 1 + static_cast<int>(random_() % 40);
  for (VisitId& id : ids) {
    const auto gap = 1 + static_cast<int64_t>(Some(most_bits));
    const VisitId in_a_new_millisecond = (last + gap + kMillisecond - 1) / kMillisecond * kMillisecond;
    id = last = random_() % 2 == 0 ? last + gap : in_a_new_millisecond;
  }
  ExpectTimesBack(ids);
}

TEST_P(RandomColumnTest, DecodesTheIdsThatItEncoded) {
  SCOPED_TRACE("seed " + std::to_string(GetParam()));
  Ids ids(SomeVisits());
  const int most_bits = 1 + static_cast<int>(random_() % 63);
  for (int64_t& id : ids) id = static_cast<int64_t>(Some(most_bits));
  ExpectIdsBack(ids);
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomColumnTest, testing::Range(1U, 41U));

// The format, of which files are full: a header, its checksum, numbers and codes.

std::string Hex(std::string_view bytes) {
  std::string hex;
  for (const char byte : bytes) {
    hex += "0123456789abcdef"[static_cast<uint8_t>(byte) / 16];
    hex += "0123456789abcdef"[static_cast<uint8_t>(byte) % 16];
  }
  return hex;
}

TEST(ColumnCodecTest, WritesTheFormatOfTimes) {
  EXPECT_EQ(Hex(EncodeTimes(Ids{kSomeTime, kSomeTime + 1, kSomeTime + 4, kSomeTime + 260 * kMillisecond})),
            "0100000004000000000000000b000000"
            "0483b66ee88dc720"
            "80f08eeb94670001048804");
}

TEST(ColumnCodecTest, WritesTheFormatOfAnIdThatAllVisitsHave) {
  EXPECT_EQ(Hex(EncodeCodes(BlockColumn::kPage, Ids{300, 300, 300})),
            "01010000030000000100000002000000"
            "402d4738bbf36102"
            "ac02");
}

TEST(ColumnCodecTest, WritesTheFormatOfFewIds) {
  EXPECT_EQ(Hex(EncodeCodes(BlockColumn::kAgent, Ids{70'000, 3, 300, 3})),
            "01030100040000000300000006000000"
            "66076ecd8c9ded6d"
            "03a902c4a00402000100");
}

TEST(ColumnCodecTest, WritesTheFormatOfManyIds) {
  Ids ids(257);
  for (size_t visit = 0; visit < ids.size(); ++visit) ids[visit] = static_cast<int64_t>(256 - visit);
  const std::string hex = Hex(EncodeCodes(BlockColumn::kSource, ids));
  EXPECT_EQ(hex.substr(0, 2 * kHeaderBytes),
            "01040200010100000101000001010000"
            "70079f0350a4557e");
  EXPECT_EQ(hex.substr(2 * kHeaderBytes, 8), "00010101");
  EXPECT_EQ(hex.substr(hex.size() - 2 * 2 * 257, 12), "0001ff00fe00");
}

TEST(ColumnCodecDeathTest, AbortsOnWhatIsNoColumn) {
  EXPECT_DEATH(EncodeTimes({}), "1 to 65,536 visits");
  EXPECT_DEATH(EncodeTimes(SomeTimes(kMaxBlockVisits + 1)), "1 to 65,536 visits");
  EXPECT_DEATH(EncodeTimes(Ids{0}), "does not ascend");
  EXPECT_DEATH(EncodeTimes(Ids{5, 5}), "does not ascend");
  EXPECT_DEATH(EncodeCodes(BlockColumn::kPage, Ids{1, -1}), "negative");
  EXPECT_DEATH(EncodeCodes(BlockColumn::kTime, Ids{1}), "no codes");
}

}  // namespace
}  // namespace page_count
