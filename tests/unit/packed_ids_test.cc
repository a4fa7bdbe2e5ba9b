#include "worker/store/sqlite/columns/packed_ids.h"

#include <gtest/gtest.h>

#include <limits>
#include <random>

namespace page_count {
namespace {

using namespace std::string_literals;

using Ids = std::vector<int64_t>;

constexpr int64_t kLastId = std::numeric_limits<int64_t>::max();

TEST(PackedIdsTest, AreEachsDistanceFromTheOneBefore) {
  EXPECT_EQ(PackIds({}), "");
  EXPECT_EQ(PackIds(Ids{1, 2, 5}), "\x01\x01\x03"s);
  EXPECT_EQ(PackIds(Ids{127, 255, 16'639}), "\x7f\x80\x01\x80\x80\x01"s) << "one byte, two, three";
  EXPECT_EQ(PackIds(Ids{kLastId}), std::string(8, '\xff') + "\x7f");
}

TEST(PackedIdsTest, AreUnpackedAsTheyWere) {
  std::mt19937_64 random(1);
  for (const Ids& ids : {Ids{}, Ids{1}, Ids{1, 2, 3}, Ids{kLastId}, Ids{1, kLastId}, Ids{kLastId - 1, kLastId}}) {
    EXPECT_EQ(UnpackIds(PackIds(ids)), ids);
  }
  for (int bits = 1; bits < 56; ++bits) {
    Ids ids;
    int64_t id = 0;
    for (int i = 0; i < 100; ++i) ids.push_back(id += 1 + static_cast<int64_t>(random() >> (64 - bits)));
    EXPECT_EQ(UnpackIds(PackIds(ids)), ids) << bits << " bits";
  }
}

TEST(PackedIdsTest, AreReadUpToWhatIsDamaged) {
  const std::string whole = PackIds(Ids{1, 2, 5});
  const std::string most = std::string(8, '\xff') + "\x7f";
  EXPECT_EQ(UnpackIds(whole + "\x80"), (Ids{1, 2, 5})) << "a number that does not end";
  EXPECT_EQ(UnpackIds(whole + "\0\x01"s), (Ids{1, 2, 5})) << "the same id twice";
  EXPECT_EQ(UnpackIds("\0"s), Ids()) << "the id 0";
  EXPECT_EQ(UnpackIds(most + "\x01"), Ids{kLastId}) << "an id beyond all ids";
  EXPECT_EQ(UnpackIds("\x01" + std::string(9, '\xff') + "\x01\x01"), Ids{1}) << "a distance beyond all ids";
  EXPECT_EQ(UnpackIds("\x01" + std::string(20, '\x80') + "\x01"), Ids{1}) << "a number longer than any";
}

}  // namespace
}  // namespace page_count
