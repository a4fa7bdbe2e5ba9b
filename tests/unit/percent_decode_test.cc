#include "worker/visits/percent_decode.h"

#include <gtest/gtest.h>

namespace page_count {
namespace {

TEST(PercentDecodeTest, TakesOneLevelOff) {
  EXPECT_EQ(PercentDecode(""), "");
  EXPECT_EQ(PercentDecode("a+b"), "a+b");
  EXPECT_EQ(PercentDecode("https%3A%2F%2Fsite.com%2Fa%253Fb"), "https://site.com/a%3Fb");
  EXPECT_EQ(PercentDecode("%e4%BD%a0"), "\xE4\xBD\xA0");
  EXPECT_EQ(PercentDecode("%%%1"), "%%%1");
}

TEST(DecodeFormFieldTest, TakesAPlusForABlank) {
  EXPECT_EQ(DecodeFormField("a+b%2Bc"), "a b+c");
  EXPECT_EQ(DecodeFormField("%+1%"), "% 1%");
}

}  // namespace
}  // namespace page_count
