// Blobs that no encoder wrote, with the wrong checksum and with the right one: none of them is decoded.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "worker/store/sqlite/columns/column_blob.h"
#include "worker/store/sqlite/columns/column_codec.h"

namespace page_count {
namespace {

using namespace std::string_literals;

using Ids = std::vector<int64_t>;

constexpr size_t kHeaderBytes = 24;
constexpr int64_t kMillisecond = 1 << 20;  // of a visit's id
constexpr VisitId kSomeTime = 1'772'323'200'000 * kMillisecond;

Ids ThreeHundredIds() {
  Ids ids(300);
  for (size_t visit = 0; visit < ids.size(); ++visit) ids[visit] = static_cast<int64_t>(visit * 1'000);
  return ids;
}

// What decodes as any column at all.
bool IsDecoded(const std::string& blob) {
  if (DecodeTimes(blob)) return true;
  return std::ranges::any_of(
      std::array{BlockColumn::kPage, BlockColumn::kClient, BlockColumn::kAgent, BlockColumn::kSource},
      [&blob](BlockColumn column) { return DecodeCodes(column, blob).has_value(); });
}

const std::vector<std::string>& SmallBlobs() {
  static const std::vector<std::string> blobs = {
      EncodeTimes(Ids{kSomeTime, kSomeTime + 1, kSomeTime + 7, kSomeTime + 900 * kMillisecond}),
      EncodeCodes(BlockColumn::kPage, Ids{7, 7, 7}), EncodeCodes(BlockColumn::kClient, Ids{900, 3, 900, 70'000}),
      EncodeCodes(BlockColumn::kSource, ThreeHundredIds())};
  return blobs;
}

TEST(ColumnDamageTest, KnowsThatABitHasFlipped) {
  for (const std::string& blob : SmallBlobs()) {
    ASSERT_TRUE(IsDecoded(blob));
    for (size_t bit = 0; bit < 8 * blob.size(); ++bit) {
      std::string damaged = blob;
      damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ 1 << bit % 8);
      EXPECT_FALSE(IsDecoded(damaged)) << "bit " << bit;
    }
  }
}

TEST(ColumnDamageTest, KnowsThatAByteHasChanged) {
  for (const std::string& blob : SmallBlobs()) {
    for (size_t at = 0; at < std::min<size_t>(blob.size(), 60); ++at) {
      for (int change = 1; change < 256; ++change) {
        std::string damaged = blob;
        damaged[at] = static_cast<char>(damaged[at] ^ change);
        EXPECT_FALSE(IsDecoded(damaged)) << "byte " << at;
      }
    }
  }
}

TEST(ColumnDamageTest, KnowsThatBytesAreMissingOrTooMany) {
  for (const std::string& blob : SmallBlobs()) {
    for (size_t bytes = 0; bytes < blob.size(); ++bytes) {
      std::string cut = blob.substr(0, bytes);
      EXPECT_FALSE(IsDecoded(cut)) << bytes << " bytes";
      WriteChecksum(cut);
      EXPECT_FALSE(IsDecoded(cut)) << bytes << " bytes with the right checksum";
    }
    std::string longer = blob + "\0"s;
    EXPECT_FALSE(IsDecoded(longer));
    WriteChecksum(longer);
    EXPECT_FALSE(IsDecoded(longer)) << "with the right checksum";
  }
}

TEST(ColumnDamageTest, DecodesNoOtherColumn) {
  const std::string clients = EncodeCodes(BlockColumn::kClient, Ids{1, 2});
  EXPECT_TRUE(DecodeCodes(BlockColumn::kClient, clients));
  EXPECT_FALSE(DecodeCodes(BlockColumn::kPage, clients));
  EXPECT_FALSE(DecodeCodes(BlockColumn::kTime, clients));
  EXPECT_FALSE(DecodeTimes(clients));
  const std::string times = EncodeTimes(Ids{1, 2});
  EXPECT_TRUE(DecodeTimes(times));
  EXPECT_FALSE(DecodeCodes(BlockColumn::kTime, times));
  EXPECT_FALSE(DecodeCodes(BlockColumn::kClient, times));
}

bool HasTimes(uint32_t visits, std::string_view numbers) {
  return DecodeTimes(PackColumn(BlockColumn::kTime, {visits, 0, numbers, {}})).has_value();
}

bool HasIds(uint32_t visits, uint32_t distinct, std::string_view numbers, std::string_view codes) {
  return DecodeCodes(BlockColumn::kPage, PackColumn(BlockColumn::kPage, {visits, distinct, numbers, codes}))
      .has_value();
}

TEST(ColumnDamageTest, AcceptsNoTimesThatNoEncoderWrites) {
  ASSERT_TRUE(HasTimes(2, "\x02\x02"));
  EXPECT_FALSE(HasTimes(1, "\x02\x02")) << "more numbers than visits";
  EXPECT_FALSE(HasTimes(3, "\x02\x02")) << "fewer numbers than visits";
  EXPECT_FALSE(HasTimes(0, "")) << "no visits";
  EXPECT_FALSE(HasTimes(2, "\x02\x82")) << "a number that does not end";
  EXPECT_FALSE(HasTimes(1, "\x82\x00"s)) << "a number of two bytes that needs one";
  EXPECT_FALSE(HasTimes(1, "\x82\x80\x00"s)) << "a number of three bytes that needs one";
  EXPECT_TRUE(HasTimes(1, "\x03\x05"));
  EXPECT_FALSE(HasTimes(1, "\x03\x00"s)) << "the expected number, though it is stored";
  EXPECT_FALSE(HasTimes(1, "\x01\x00"s)) << "the id 0";
  EXPECT_FALSE(HasTimes(1, "\x03")) << "no number behind the flag";
  EXPECT_TRUE(HasTimes(1, "\x03\xff\xff\x3f")) << "the last number of a millisecond";
  EXPECT_FALSE(HasTimes(1, "\x03\x85\x80\x40")) << "a number beyond the millisecond";
  EXPECT_FALSE(HasTimes(2, "\x03\xff\xff\x3f\x00"s)) << "one more than the last number of a millisecond";
  EXPECT_FALSE(HasTimes(2, "\x03\x05\x01\x05")) << "the same time twice";
  EXPECT_FALSE(HasTimes(2, "\x03\x05\x01\x04")) << "a time before the one before";
}

TEST(ColumnDamageTest, AcceptsNoTimesAfterAllVisits) {
  const std::string last = "\xfe\xff\xff\xff\xff\xff\x03";  // 2 * (2^43 - 1)
  EXPECT_TRUE(HasTimes(1, last));
  EXPECT_FALSE(HasTimes(2, last + "\x02"));
  EXPECT_FALSE(HasTimes(1, "\x80\x80\x80\x80\x80\x80\x04"));
  EXPECT_FALSE(HasTimes(1, std::string(8, '\xfe') + "\x7f"));
  EXPECT_FALSE(HasTimes(2, "\xff\xff\xff\xff\xff\xff\x03\xff\xff\x3f\x00"s)) << "one more than the last id";
}

TEST(ColumnDamageTest, AcceptsNoIdsThatNoEncoderWrites) {
  ASSERT_TRUE(HasIds(2, 2, "\x00\x01"s, "\x00\x01"s));
  EXPECT_FALSE(HasIds(2, 2, "\x05\x00"s, "\x00\x01"s)) << "an id twice";
  EXPECT_FALSE(HasIds(2, 2, "\x00\x01"s, "\x00\x02"s)) << "a code without an id";
  EXPECT_FALSE(HasIds(2, 2, "\x00\x01"s, "\x00"s)) << "fewer codes than visits";
  EXPECT_FALSE(HasIds(2, 2, "\x00\x01"s, "\x00\x01\x01"s)) << "more codes than visits";
  EXPECT_FALSE(HasIds(2, 3, "\x00\x01\x01"s, "\x00\x01"s)) << "more ids than visits";
  EXPECT_FALSE(HasIds(2, 2, "\x00\x01\x01"s, "\x00\x01"s)) << "more numbers than ids";
  EXPECT_FALSE(HasIds(2, 2, "\x00"s, "\x00\x01"s)) << "fewer numbers than ids";
  EXPECT_FALSE(HasIds(2, 0, "", "")) << "no ids";
  EXPECT_FALSE(HasIds(0, 0, "", "")) << "no visits";
  const std::string most = std::string(8, '\xff') + "\x7f";  // 2^63 - 1
  EXPECT_TRUE(HasIds(1, 1, most, ""));
  EXPECT_FALSE(HasIds(2, 2, most + "\x01", "\x00\x01"s)) << "an id beyond all ids";
  EXPECT_FALSE(HasIds(1, 1, std::string(9, '\xff') + "\x01", "")) << "a number beyond all ids";
}

TEST(ColumnDamageTest, AcceptsNoCodeOfTwoBytesWithoutAnId) {
  std::string blob = EncodeCodes(BlockColumn::kPage, ThreeHundredIds());
  const size_t last_code = blob.size() - 2;
  blob[last_code] = '\x2b';
  blob[last_code + 1] = '\x01';  // 299
  WriteChecksum(blob);
  EXPECT_TRUE(DecodeCodes(BlockColumn::kPage, blob));
  blob[last_code] = '\x2c';
  WriteChecksum(blob);
  EXPECT_FALSE(DecodeCodes(BlockColumn::kPage, blob));
}

TEST(ColumnDamageTest, AcceptsNoBlockThatIsTooLarge) {
  const std::string times(kMaxBlockVisits, '\x02');
  EXPECT_TRUE(HasTimes(kMaxBlockVisits, times));
  EXPECT_FALSE(HasTimes(kMaxBlockVisits + 1, times + "\x02"));
  EXPECT_TRUE(HasIds(kMaxBlockVisits, 1, "\x05", ""));
  EXPECT_FALSE(HasIds(kMaxBlockVisits + 1, 1, "\x05", ""));
  EXPECT_FALSE(HasIds(std::numeric_limits<uint32_t>::max(), 1, "\x05", ""));
}

TEST(ColumnDamageTest, AcceptsNoHeaderThatNoEncoderWrites) {
  for (const std::string& blob : {EncodeTimes(Ids{1, 2}), EncodeCodes(BlockColumn::kPage, Ids{1, 2})}) {
    for (size_t at = 0; at < kHeaderBytes - sizeof(uint64_t); ++at) {
      for (int change = 1; change < 256; ++change) {
        std::string other = blob;
        other[at] = static_cast<char>(other[at] ^ change);
        WriteChecksum(other);
        const auto column = static_cast<BlockColumn>(blob[1]);
        const bool is_decoded =
            column == BlockColumn::kTime ? DecodeTimes(other).has_value() : DecodeCodes(column, other).has_value();
        EXPECT_FALSE(is_decoded) << "column " << int{blob[1]} << ", byte " << at << " changed by " << change;
      }
    }
  }
}

}  // namespace
}  // namespace page_count
