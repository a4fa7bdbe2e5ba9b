#include "worker/endpoints/next_link.h"

#include <gtest/gtest.h>

#include <string>

namespace page_count {
namespace {

TEST(NextLink, GoesOnAfterAnIdWithTheOtherParametersAsTheyAre) {
  EXPECT_EQ(NextLink("", 7), R"(<?after=7>; rel="next")");
  EXPECT_EQ(NextLink("after=3", 7), R"(<?after=7>; rel="next")");
  EXPECT_EQ(NextLink("limit=10&after=3&fields=id,url&%61fter=4&bots=only&x", 7),
            R"(<?after=7&limit=10&fields=id,url&bots=only&x=>; rel="next")");
  EXPECT_EQ(NextLink("since=2025-09-14+10:30:00%2B05:30", 7),
            R"(<?after=7&since=2025-09-14+10:30:00%2B05:30>; rel="next")");
}

TEST(NextLink, IsNeitherEndedNorBrokenByWhatClientsSend) {
  EXPECT_EQ(NextLink("a=>; rel=\"x\"&b=\xC3\xA9\r\n", 7),
            "<?after=7&a=%3E;%20rel=%22x%22&b=%C3%A9%0D%0A>; rel=\"next\"");
}

TEST(NextLink, IsNotThereIfNoProxyWouldTakeIt) {
  EXPECT_NE(NextLink("a=" + std::string(1'900, 'x'), 7), "");
  EXPECT_EQ(NextLink("a=" + std::string(2'048, 'x'), 7), "");
}

}  // namespace
}  // namespace page_count
