#include "worker/store/sqlite/log/id_cache.h"

#include <gtest/gtest.h>

#include <string>

namespace page_count {
namespace {

// The ids of "0", "1" and so on, before `end`.
std::vector<int64_t> FindNumbers(IdCache& cache, int end) {
  std::vector<std::string> texts;
  for (int i = 0; i < end; ++i) texts.push_back(std::to_string(i));
  return cache.Get(std::vector<std::string_view>(texts.begin(), texts.end()));
}

TEST(IdCacheTest, KnowsOnlyTheTextsItWasTold) {
  IdCache cache(1'024);
  EXPECT_EQ(FindNumbers(cache, 3), std::vector<int64_t>({0, 0, 0}));
  cache.Put("0", 7);
  cache.Put("2", 9);
  EXPECT_EQ(FindNumbers(cache, 3), std::vector<int64_t>({7, 0, 9}));
  cache.Put("", 11);
  EXPECT_EQ(cache.Get({}), std::vector<int64_t>());
  const std::string_view empty;
  EXPECT_EQ(cache.Get({&empty, 1}), std::vector<int64_t>({11}));
}

TEST(IdCacheTest, TakesTheLastIdOfATextItKnows) {
  IdCache cache(4);
  for (const int64_t id : {1, 2, 3, 4, 5}) cache.Put("0", id);
  cache.Put("1", 6);
  EXPECT_EQ(FindNumbers(cache, 2), std::vector<int64_t>({5, 6}));
}

TEST(IdCacheTest, LosesTheTextNotAskedForForLongest) {
  IdCache cache(4);
  for (int i = 0; i < 4; ++i) cache.Put(std::to_string(i), 10 + i);
  EXPECT_EQ(FindNumbers(cache, 2), std::vector<int64_t>({10, 11}));
  cache.Put("4", 14);
  EXPECT_EQ(FindNumbers(cache, 5), std::vector<int64_t>({10, 11, 0, 13, 14}));
}

TEST(IdCacheTest, KeepsMostOfAsManyTextsAsItHasRoomFor) {
  constexpr int kTexts = 8'192;
  IdCache cache(kTexts);
  for (int i = 0; i < kTexts; ++i) cache.Put(std::to_string(i), 1 + i);
  const auto ids = FindNumbers(cache, kTexts);
  int known = 0;
  for (int i = 0; i < kTexts; ++i) {
    if (ids[static_cast<size_t>(i)] == 0) continue;
    EXPECT_EQ(ids[static_cast<size_t>(i)], 1 + i);
    ++known;
  }
  EXPECT_GT(known, kTexts * 3 / 4);
}

TEST(IdCacheTest, ForgetsAllAtOnceAndStartsAnew) {
  IdCache cache(1'024);
  cache.Put("0", 7);
  cache.Clear();
  EXPECT_EQ(FindNumbers(cache, 1), std::vector<int64_t>({0}));
  cache.Put("0", 8);
  EXPECT_EQ(FindNumbers(cache, 1), std::vector<int64_t>({8}));
}

}  // namespace
}  // namespace page_count
