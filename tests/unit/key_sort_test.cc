#include "worker/store/sqlite/columns/key_sort.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace page_count {
namespace {

TEST(KeySortTest, SortsAsTheStandardLibraryDoes) {
  std::mt19937_64 random(3);
  for (const size_t size : {0, 1, 2, 3, 100, 5'000}) {
    for (const uint64_t bits : {0x0UL, 0x7ffUL, 0x800UL, 0x3ff0'0000'01ffUL, 0x7fff'ffff'ffff'ffffUL}) {
      std::vector<int64_t> keys(size);
      for (int64_t& key : keys) key = static_cast<int64_t>(random() & bits);
      if (size > 1) keys[1] = static_cast<int64_t>(bits);
      std::vector<int64_t> sorted = keys;
      std::sort(sorted.begin(), sorted.end());
      SortKeys(keys);
      EXPECT_EQ(keys, sorted) << size << " of " << bits;
    }
  }
}

}  // namespace
}  // namespace page_count
