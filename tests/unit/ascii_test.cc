#include "worker/base/ascii.h"

#include <gtest/gtest.h>

namespace page_count {
namespace {

TEST(AsciiTest, TellsLettersApartButNotTheirCase) {
  EXPECT_TRUE(EqualsIgnoringCase("", ""));
  EXPECT_TRUE(EqualsIgnoringCase("aZ/-9", "az/-9"));
  EXPECT_TRUE(EqualsIgnoringCase("AMZ", "amz"));
  EXPECT_FALSE(EqualsIgnoringCase("ab", "a"));
  EXPECT_FALSE(EqualsIgnoringCase("a", "ab"));
  EXPECT_FALSE(EqualsIgnoringCase("@[", "`{")) << "what stands around the capital letters is none";
  EXPECT_FALSE(EqualsIgnoringCase("\xC4", "\xE4")) << "of ASCII only";
}

TEST(AsciiTest, FindsAPrefix) {
  EXPECT_TRUE(StartsWithIgnoringCase("HTTPS://h/", "https://"));
  EXPECT_TRUE(StartsWithIgnoringCase("https://", "https://"));
  EXPECT_FALSE(StartsWithIgnoringCase("https:/", "https://"));
  EXPECT_FALSE(StartsWithIgnoringCase("", "h"));
}

}  // namespace
}  // namespace page_count
