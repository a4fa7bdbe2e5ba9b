#include "worker/base/keyed_hash.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace page_count {
namespace {

HashKey CountingKey() {
  HashKey key;
  for (size_t i = 0; i < key.size(); ++i) key[i] = static_cast<uint8_t>(i);
  return key;
}

// Of Python's hashlib.blake2b(text, digest_size=16, key=bytes(range(32))).
TEST(KeyedHashTest, IsBlake2b) {
  EXPECT_EQ(KeyedHashOf(CountingKey(), ""), (KeyedHash{0x3d, 0xaf, 0x97, 0xbc, 0xe7, 0x88, 0x8f, 0xd5, 0x97, 0x73, 0xc6,
                                                       0x6b, 0xf6, 0x47, 0x45, 0x9c}));
  EXPECT_EQ(KeyedHashOf(CountingKey(), "page-count"), (KeyedHash{0xfa, 0xaf, 0x60, 0x43, 0x00, 0x09, 0xee, 0xa7, 0x17,
                                                                 0x20, 0xaf, 0x51, 0x62, 0x4a, 0xcf, 0x84}));
  EXPECT_EQ(
      KeyedHashOf(CountingKey(), std::string(1'000, 'a')),
      (KeyedHash{0xe4, 0xfb, 0x78, 0x1d, 0xb2, 0xca, 0x8c, 0x97, 0x92, 0x72, 0xa1, 0xa0, 0x1b, 0xcc, 0x28, 0x1e}));
}

TEST(KeyedHashTest, IsAnotherOneUnderAnotherKey) {
  HashKey other = CountingKey();
  other[31] ^= 1;
  EXPECT_NE(KeyedHashOf(other, "page"), KeyedHashOf(CountingKey(), "page"));
}

TEST(KeyedHashTest, HasKeysThatDiffer) {
  std::set<HashKey> keys;
  for (int i = 0; i < 100; ++i) keys.insert(RandomHashKey());
  EXPECT_EQ(keys.size(), 100U);
}

}  // namespace
}  // namespace page_count
