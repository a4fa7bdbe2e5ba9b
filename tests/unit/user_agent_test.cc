#include "worker/visits/user_agent.h"

#include <gtest/gtest.h>

#include <string>

namespace page_count {
namespace {

constexpr const char* kReplacement = "\xEF\xBF\xBD";

TEST(UserAgentTest, KeepsTheHeaderAsItIs) {
  EXPECT_EQ(CleanUserAgent("Mozilla/5.0 (X11; Linux) é你😀"), "Mozilla/5.0 (X11; Linux) é你😀");
  EXPECT_EQ(CleanUserAgent(" "), " ");
}

TEST(UserAgentTest, IsUnknownWhereThereIsNoHeader) { EXPECT_EQ(CleanUserAgent(""), "unknown"); }

TEST(UserAgentTest, ReplacesWhatIsNotUtf8) {
  EXPECT_EQ(CleanUserAgent("a\xFFz"), std::string("a") + kReplacement + "z");
  EXPECT_EQ(CleanUserAgent("caf\xE9"), std::string("caf") + kReplacement);
  EXPECT_EQ(CleanUserAgent("\x80"), kReplacement);
  EXPECT_EQ(CleanUserAgent("\xC3(é"), std::string(kReplacement) + "(é");
}

TEST(UserAgentTest, CutsAt512BytesAtTheEndOfACharacter) {
  const std::string full(512, 'a');
  EXPECT_EQ(CleanUserAgent(full), full);
  EXPECT_EQ(CleanUserAgent(full + "b"), full);
  EXPECT_EQ(CleanUserAgent(std::string(510, 'a') + "é"), std::string(510, 'a') + "é");
  EXPECT_EQ(CleanUserAgent(std::string(511, 'a') + "éb"), std::string(511, 'a'));
  EXPECT_EQ(CleanUserAgent(std::string(509, 'a') + "😀b"), std::string(509, 'a'));
  EXPECT_EQ(CleanUserAgent(std::string(508, 'a') + "😀b"), std::string(508, 'a') + "😀");
}

TEST(UserAgentTest, StaysWithin512BytesWhereMuchIsReplaced) {
  const std::string clean = CleanUserAgent(std::string(10'000, '\xFF'));
  EXPECT_EQ(clean.size(), 510U);
  EXPECT_TRUE(clean.ends_with(kReplacement));
}

}  // namespace
}  // namespace page_count
