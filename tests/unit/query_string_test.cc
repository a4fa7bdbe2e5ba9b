#include "worker/http/query_string.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <string_view>

namespace page_count {
namespace {

constexpr int64_t kMost = std::numeric_limits<int64_t>::max();

std::string FindIn(std::string_view query, std::string_view name = "a") {
  return QueryString(query).Find(name).value_or("nothing");
}

// The number, "nothing", or the error's type.
std::string ReadInteger(std::string_view query, int64_t least = 1, int64_t most = 87'600) {
  const auto number = QueryString(query).ReadInteger("a", least, most);
  if (!number) return number.error().type;
  return *number ? std::to_string(**number) : "nothing";
}

TEST(QueryStringTest, FindsAParameterByItsWholeName) {
  EXPECT_EQ(FindIn("a=1"), "1");
  EXPECT_EQ(FindIn("b=2&a=1&c=3"), "1");
  EXPECT_EQ(FindIn("aa=2&ba=3&A=4"), "nothing");
  EXPECT_EQ(FindIn(""), "nothing");
  EXPECT_EQ(FindIn("&&=&=a&"), "nothing");
  EXPECT_EQ(FindIn("b=a=1"), "nothing");
}

TEST(QueryStringTest, CountsTheLastOfAParameterGivenTwice) {
  EXPECT_EQ(FindIn("a=1&a=2"), "2");
  EXPECT_EQ(FindIn("a=1&b=3&a="), "");
  EXPECT_EQ(FindIn("a=1&%61=2"), "2");
  EXPECT_EQ(ReadInteger("a=x&a=5"), "5");
  EXPECT_EQ(ReadInteger("a=5&a=x"), "int_parsing");
}

TEST(QueryStringTest, FindsAParameterWithoutAValueAsEmpty) {
  EXPECT_EQ(FindIn("a"), "");
  EXPECT_EQ(FindIn("a="), "");
  EXPECT_EQ(FindIn("a&b=1"), "");
  EXPECT_EQ(FindIn("a==="), "==");
}

TEST(QueryStringTest, DecodesNamesAndValues) {
  EXPECT_EQ(FindIn("%61=%62%2Fc%2fd"), "b/c/d");
  EXPECT_EQ(FindIn("start%5Fdate=1", "start_date"), "1");
  EXPECT_EQ(FindIn("a=1%262%3D3&b=4"), "1&2=3");
  EXPECT_EQ(FindIn("a=%00"), std::string(1, '\0'));
  EXPECT_EQ(FindIn("a=%FF"), "\xFF");
  EXPECT_EQ(FindIn("a=%2541"), "%41");
}

TEST(QueryStringTest, KeepsAPercentSignWithoutTwoHexDigits) {
  EXPECT_EQ(FindIn("a=%zz"), "%zz");
  EXPECT_EQ(FindIn("a=%4"), "%4");
  EXPECT_EQ(FindIn("a=%"), "%");
  EXPECT_EQ(FindIn("a=%%41"), "%A");
  EXPECT_EQ(FindIn("a=%4&b=1"), "%4");
  EXPECT_EQ(FindIn("%zz=1", "%zz"), "1");
}

TEST(QueryStringTest, ReadsAPlusAsASpaceExceptInUrls) {
  EXPECT_EQ(FindIn("a=2025-09-14+10:30:00%2B05:30"), "2025-09-14 10:30:00+05:30");
  EXPECT_EQ(QueryString("a=c++&b").FindUrl("a"), "c++");
  EXPECT_EQ(QueryString("a=c%2b+%20").FindUrl("a"), "c++ ");
}

TEST(QueryStringTest, RefusesAnEmptyTextThatIsRead) {
  for (const std::string_view query : {"a", "a=", "b=1&a=", "a=1&a="}) {
    const QueryString parameters(query);
    for (const auto& text : {parameters.ReadText("a"), parameters.ReadUrl("a")}) {
      ASSERT_FALSE(text.ok()) << query;
      EXPECT_EQ(text.error().location, (Location{"query", "a"}));
      EXPECT_EQ(text.error().type, "string_too_short");
    }
  }
  EXPECT_TRUE(QueryString("a=").ReadText("b").ok());
  EXPECT_EQ(*QueryString("b=1").ReadText("a"), std::nullopt);
  EXPECT_EQ(*QueryString("a=x+y").ReadText("a"), "x y");
  EXPECT_EQ(*QueryString("a=x+y").ReadUrl("a"), "x+y");
}

TEST(QueryStringTest, ReadsIntegersWithinTheirRange) {
  EXPECT_EQ(ReadInteger(""), "nothing");
  EXPECT_EQ(ReadInteger("a=1"), "1");
  EXPECT_EQ(ReadInteger("a=87600"), "87600");
  EXPECT_EQ(ReadInteger("a=%31%32"), "12");
  EXPECT_EQ(ReadInteger("a=007"), "7");
  EXPECT_EQ(ReadInteger("a=9223372036854775807", 0, kMost), "9223372036854775807");
  EXPECT_EQ(ReadInteger("a=-5", -10, 10), "-5");
}

TEST(QueryStringTest, SaysOnWhichSideOfItsRangeAnIntegerLies) {
  EXPECT_EQ(ReadInteger("a=0"), "greater_than_equal");
  EXPECT_EQ(ReadInteger("a=-1"), "greater_than_equal");
  EXPECT_EQ(ReadInteger("a=-99999999999999999999999"), "greater_than_equal");
  EXPECT_EQ(ReadInteger("a=87601"), "less_than_equal");
  EXPECT_EQ(ReadInteger("a=1000000000"), "less_than_equal");
  EXPECT_EQ(ReadInteger("a=9223372036854775808", 0, kMost), "less_than_equal");
  EXPECT_EQ(ReadInteger("a=99999999999999999999999"), "less_than_equal");
}

TEST(QueryStringTest, ACountIsWhatEveryReaderOfJsonKeepsExact) {
  const auto count = [](std::string_view query) { return QueryString(query).ReadCount("a"); };
  EXPECT_EQ(**count("a=0"), 0);
  EXPECT_EQ(**count("a=9007199254740991"), 9'007'199'254'740'991);
  EXPECT_FALSE(count("a=9007199254740992"));
  EXPECT_FALSE(count("a=-1"));
}

TEST(QueryStringTest, RefusesWhatIsNoInteger) {
  for (const std::string_view value : {"",
                                       "x",
                                       "-",
                                       "--1",
                                       "1x",
                                       "1.0",
                                       "1e9",
                                       "0x10",
                                       "+5",
                                       "%2B5",
                                       "+",
                                       " 5",
                                       "5+",
                                       "%205",
                                       "5%0A",
                                       "5%00",
                                       "1,000",
                                       "NaN",
                                       "99999999999999999999x",
                                       "%D9%A1"}) {
    EXPECT_EQ(ReadInteger("a=" + std::string(value)), "int_parsing") << '"' << value << '"';
  }
  EXPECT_EQ(ReadInteger("a"), "int_parsing");
}

TEST(QueryStringTest, NamesTheParameterOfAnInvalidInteger) {
  const auto number = QueryString("hours=-1").ReadInteger("hours", 1, 87'600);
  ASSERT_FALSE(number.ok());
  EXPECT_EQ(number.error().location, (Location{"query", "hours"}));
  EXPECT_EQ(number.error().message, "Input should be greater than or equal to 1");
}

TEST(QueryStringTest, ReadsALongQueryString) {
  std::string query;
  while (query.size() < 65'536) query += "b=%41&";
  EXPECT_EQ(FindIn(query), "nothing");
  EXPECT_EQ(FindIn(query + "a=1"), "1");
}

}  // namespace
}  // namespace page_count
