#include "worker/visits/page_title.h"

#include <gtest/gtest.h>

#include <string>

namespace page_count {
namespace {

TEST(PageTitleTest, IsKeptAsItIs) {
  for (const char* title : {"", "Home", "Bücher & more – 你好 😀", "A \"title\", with comma"}) {
    EXPECT_EQ(CleanPageTitle(title), title);
  }
}

TEST(PageTitleTest, IsOnOneLine) {
  EXPECT_EQ(CleanPageTitle("\n  My\t\tpage\r\n title \x7f\xC2\x85"), "My page title");
  EXPECT_EQ(CleanPageTitle(std::string("a\0b", 3)), "a b");
  EXPECT_EQ(CleanPageTitle("a\xC2\xA0\xC2\xA0z"), "a z") << "a blank that does not break";
  EXPECT_EQ(CleanPageTitle(" \n"), "");
}

TEST(PageTitleTest, IsUtf8) {
  EXPECT_EQ(CleanPageTitle("caf\xE9 au lait"), "caf au lait");
  EXPECT_EQ(CleanPageTitle("\xFF\xC3"), "");
}

TEST(PageTitleTest, IsCutAt200BytesOnACharacter) {
  const std::string full(200, 'a');
  EXPECT_EQ(CleanPageTitle(full), full);
  EXPECT_EQ(CleanPageTitle(full + "b"), full);
  EXPECT_EQ(CleanPageTitle(std::string(199, 'a') + "éb"), std::string(199, 'a'));
  EXPECT_EQ(CleanPageTitle(std::string(198, 'a') + "éb"), std::string(198, 'a') + "é");
  EXPECT_EQ(CleanPageTitle(std::string(199, 'a') + " b"), std::string(199, 'a'));
  EXPECT_EQ(CleanPageTitle(std::string(1'000, ' ') + full), full);
}

}  // namespace
}  // namespace page_count
