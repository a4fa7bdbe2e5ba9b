#include "worker/attributes/pattern_set.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace page_count {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(SubstringIndexTest, FindsEachStringOnceHoweverOftenItIsThere) {
  const SubstringIndex index({"bot", "robot", "crawl", "bots"});
  EXPECT_THAT(index.FoundIn("a robot and a bot"), ElementsAre(0, 1));
  EXPECT_THAT(index.FoundIn("bots"), ElementsAre(0, 3));
  EXPECT_THAT(index.FoundIn("bo"), IsEmpty());
  EXPECT_THAT(index.FoundIn(""), IsEmpty());
}

TEST(SubstringIndexTest, TakesBytesBeyondAscii) {
  const SubstringIndex index({"\xff\x80\xff"});
  EXPECT_THAT(index.FoundIn("a\xff\x80\xff"), ElementsAre(0));
}

TEST(SubstringIndexTest, RefusesWhatIsTooShortToBeFound) {
  EXPECT_THROW(SubstringIndex({"ab"}), std::invalid_argument);
}

TEST(PatternSetTest, NamesTheFirstOfThePatternsThatMatch) {
  const PatternSet set(std::array<std::string_view, 3>{"Fire(fox|bird)/(\\d+)", "Gecko", "fox"});
  EXPECT_EQ(set.First("Gecko Firefox/12"), 0U);
  EXPECT_EQ(set.First("Gecko Firefox"), 1U);
  EXPECT_EQ(set.First("a fox"), 2U);
  EXPECT_EQ(set.First("a FOX"), std::nullopt);
}

TEST(PatternSetTest, TriesPatternsThatNeedNoStringToBeThere) {
  const PatternSet set(std::array<std::string_view, 3>{"^$", "^[0-9]+$", "ab"});
  EXPECT_EQ(set.First(""), 0U);
  EXPECT_EQ(set.First("2026"), 1U);
  EXPECT_EQ(set.First("ab"), 2U);
  EXPECT_EQ(set.First("x"), std::nullopt);
}

TEST(PatternSetTest, LeavesTheCaseOfAsciiLettersAside) {
  const PatternSet set(std::array<std::string_view, 2>{"(?i:monitor)", "(?i:Wächter)"});
  EXPECT_EQ(set.First("My-MONITOR/1"), 0U);
  EXPECT_EQ(set.First("der WäCHTER"), 1U);
}

TEST(PatternSetTest, RefusesWhatIsNoExpression) {
  EXPECT_THROW(PatternSet(std::array<std::string_view, 1>{"("}), std::invalid_argument);
}

}  // namespace
}  // namespace page_count
