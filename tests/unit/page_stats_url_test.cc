#include <gtest/gtest.h>

#include <string>

#include "tests/unit/endpoint_fixture.h"

namespace page_count {
namespace {

class PageStatsUrlTest : public EndpointTest {
 protected:
  std::optional<std::string> PageRead() const { return store_.inquiry ? store_.inquiry->newest->page : std::nullopt; }
  // The page that the target as sent asks for; `path` is what nginx makes of it. Else the status and the body.
  std::string Page(std::string_view target, std::string_view path = "/stats/x") {
    store_.inquiry.reset();
    const Response response = Handle({.method = "GET", .path = path, .target = target});
    return PageRead().value_or(std::to_string(response.status) + ' ' + response.body);
  }
};

constexpr const char* kInvalid = R"(400 {"detail":"Invalid URL format"})";

TEST_F(PageStatsUrlTest, IsTakenAsItIsWhereItStartsWithItsScheme) {
  EXPECT_EQ(Page("/stats/https://site.com/a%20b"), "https://site.com/a%20b");
  EXPECT_EQ(Page("/stats/http://site.com/a%2Fb//c"), "http://site.com/a%2Fb//c");
  EXPECT_EQ(Page("/stats/HTTPS://Site.com/%41"), "https://site.com/A");
  EXPECT_EQ(Page("/stats/https://site.com/a+b"), "https://site.com/a+b");
  EXPECT_EQ(Page("/stats/https://site.com/%253F"), "https://site.com/%253F");
}

TEST_F(PageStatsUrlTest, EndsAtTheQuery) {
  EXPECT_EQ(Page("/stats/https://site.com/?hours=5"), "https://site.com/");
  EXPECT_EQ(Page("/stats/https://site.com/a?b?c"), "https://site.com/a");
}

TEST_F(PageStatsUrlTest, IsDecodedOnceWhereItIsEncoded) {
  EXPECT_EQ(Page("/stats/https%3A%2F%2Fsite.com%2Fa%3Fb%3D1"), "https://site.com/a?b=1");
  EXPECT_EQ(Page("/stats/https%3a//site.com/a%2520b"), "https://site.com/a%20b");
  EXPECT_EQ(Page("/stats/%68ttp://site.com/a%23b"), "http://site.com/a");
  EXPECT_EQ(Page("/stats/https:/%2Fsite.com/a%3Fb"), "https://site.com/a?b");
  EXPECT_EQ(Page("/stats/https%3A/%2fsite.com/a%3Fb"), "https://site.com/a?b");
  EXPECT_EQ(Page("/stats/https%3A%2F%2Fsite.com%2Fa+b"), "https://site.com/a+b");
  EXPECT_EQ(Page("/stats/https%3A%2F%2Fsite.com%2F100%%3Fq%3D%5C"), "https://site.com/100%25?q=%5C");
  EXPECT_EQ(Page("/stats/https%3A%2F%2Fsite.com%2F100%2525%2500"), "https://site.com/100%25%00");
}

TEST_F(PageStatsUrlTest, GetsTheSlashBackThatWasMergedOnTheWay) {
  EXPECT_EQ(Page("/stats/https:/site.com/a%20b"), "https://site.com/a%20b");
  EXPECT_EQ(Page("/stats/http:/site.com"), "http://site.com/");
  EXPECT_EQ(Page("/stats/hTTpS:/Site.com/a?hours=5"), "https://site.com/a");
  EXPECT_EQ(Page("/stats/https%3A/site.com/a%3Fb"), "https://site.com/a?b");
  EXPECT_EQ(Page("/stats/HTTPS%3a/site.com/a"), "https://site.com/a");
  EXPECT_EQ(Page("/stats/http:/[2001:db8::1]:8080/a//b"), "http://[2001:db8::1]:8080/a//b");
}

TEST_F(PageStatsUrlTest, IsAParameterOfStats) {
  const auto page = [this](const std::string& query) {
    store_.inquiry.reset();
    const Response response = Get("/stats", query);
    return PageRead().value_or(std::to_string(response.status) + ' ' + response.body.substr(0, 34));
  };
  EXPECT_EQ(page("url=https://site.com/a%20b"), kInvalid);
  EXPECT_EQ(page("url=https://site.com/a%2520b&hours=5"), "https://site.com/a%20b");
  EXPECT_EQ(page("hours=5&url=https%3A%2F%2Fsite.com%2Fa%3Fb%3D1%26c%23d"), "https://site.com/a?b=1&c");
  EXPECT_EQ(page("url=HTTPS://Site.com:443/a+b"), "https://site.com/a+b");
  EXPECT_EQ(page("url=no-url&url=http://site.com//"), "http://site.com//");
  EXPECT_EQ(page("url=http://site.com/&limit=x"), R"(422 {"detail":[{"loc":["query","limit")");
  EXPECT_EQ(page("url=site.com"), kInvalid);
  EXPECT_EQ(page("url=https:/site.com/"), kInvalid);
  EXPECT_EQ(page("url="), R"(422 {"detail":[{"loc":["query","url"],)");
  EXPECT_EQ(page("url=http://site.com/&hours=0"), R"(422 {"detail":[{"loc":["query","hours")");
}

TEST_F(PageStatsUrlTest, IsRefusedWhereItIsNone) {
  EXPECT_EQ(Page("/stats/", "/stats/"), kInvalid);
  EXPECT_EQ(Page("/stats/?hours=5", "/stats/"), kInvalid);
  EXPECT_EQ(Page("/stats/site.com"), kInvalid);
  EXPECT_EQ(Page("/stats/https:site.com/"), kInvalid);
  EXPECT_EQ(Page("/stats/https:/"), kInvalid);
  EXPECT_EQ(Page("/stats/https:///site.com/"), kInvalid);
  EXPECT_EQ(Page("/stats/https%3A%2Fsite.com/"), kInvalid);
  EXPECT_EQ(Page("/stats/ftp:/site.com/"), kInvalid);
  EXPECT_EQ(Page("/stats/ftp://site.com/"), kInvalid);
  EXPECT_EQ(Page("/stats/https://site.com%00/"), kInvalid);
  EXPECT_EQ(Page("/stats/https%3A%2F%2Fsite.com%2Fa%20b"), kInvalid);
}

TEST_F(PageStatsUrlTest, IsOfThePathWhereTheTargetIsSpelledOtherwise) {
  EXPECT_EQ(Page("//stats/https://site.com/", "/stats/https:/site.com/"), "https://site.com/");
  EXPECT_EQ(Page("/%73tats/https://site.com/", "/stats/https://site.com/"), "https://site.com/");
  EXPECT_EQ(Page("/x/../stats/", "/stats/"), kInvalid);
}

}  // namespace
}  // namespace page_count
