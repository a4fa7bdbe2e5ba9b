#include "worker/store/sqlite/log/recent_texts.h"

#include <gtest/gtest.h>

#include <string>

namespace page_count {
namespace {

// The ids of "0", "1" and so on, before `end`.
std::vector<int64_t> FindNumbers(RecentTexts& recent, int end) {
  std::vector<std::string> texts;
  for (int i = 0; i < end; ++i) texts.push_back(std::to_string(i));
  return recent.Find(std::vector<std::string_view>(texts.begin(), texts.end()));
}

TEST(RecentTextsTest, KnowsOnlyTheTextsItWasTold) {
  RecentTexts recent(1'024);
  EXPECT_EQ(FindNumbers(recent, 3), std::vector<int64_t>({0, 0, 0}));
  recent.Remember("0", 7);
  recent.Remember("2", 9);
  EXPECT_EQ(FindNumbers(recent, 3), std::vector<int64_t>({7, 0, 9}));
  recent.Remember("", 11);
  EXPECT_EQ(recent.Find({}), std::vector<int64_t>());
  const std::string_view empty;
  EXPECT_EQ(recent.Find({&empty, 1}), std::vector<int64_t>({11}));
}

TEST(RecentTextsTest, TakesTheLastIdOfATextItKnows) {
  RecentTexts recent(4);
  for (const int64_t id : {1, 2, 3, 4, 5}) recent.Remember("0", id);
  recent.Remember("1", 6);
  EXPECT_EQ(FindNumbers(recent, 2), std::vector<int64_t>({5, 6}));
}

TEST(RecentTextsTest, LosesTheTextNotAskedForForLongest) {
  RecentTexts recent(4);
  for (int i = 0; i < 4; ++i) recent.Remember(std::to_string(i), 10 + i);
  EXPECT_EQ(FindNumbers(recent, 2), std::vector<int64_t>({10, 11}));
  recent.Remember("4", 14);
  EXPECT_EQ(FindNumbers(recent, 5), std::vector<int64_t>({10, 11, 0, 13, 14}));
}

TEST(RecentTextsTest, KeepsMostOfAsManyTextsAsItHasRoomFor) {
  constexpr int kTexts = 8'192;
  RecentTexts recent(kTexts);
  for (int i = 0; i < kTexts; ++i) recent.Remember(std::to_string(i), 1 + i);
  const auto ids = FindNumbers(recent, kTexts);
  int known = 0;
  for (int i = 0; i < kTexts; ++i) {
    if (ids[static_cast<size_t>(i)] == 0) continue;
    EXPECT_EQ(ids[static_cast<size_t>(i)], 1 + i);
    ++known;
  }
  EXPECT_GT(known, kTexts * 3 / 4);
}

TEST(RecentTextsTest, ForgetsAllAtOnceAndStartsAnew) {
  RecentTexts recent(1'024);
  recent.Remember("0", 7);
  recent.Forget();
  EXPECT_EQ(FindNumbers(recent, 1), std::vector<int64_t>({0}));
  recent.Remember("0", 8);
  EXPECT_EQ(FindNumbers(recent, 1), std::vector<int64_t>({8}));
}

}  // namespace
}  // namespace page_count
