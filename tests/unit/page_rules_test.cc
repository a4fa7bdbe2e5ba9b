#include "worker/visits/page_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace page_count {
namespace {

using ::testing::HasSubstr;

TrackedUrl Url(std::string_view text) { return *TrackedUrl::Parse(text); }

PageRules Rules(const PageRules::Values& values) { return *PageRules::Make(values); }

struct Rule {
  std::string visited;
  std::string page;
};

void ExpectPages(const PageRules& rules, const std::vector<Rule>& expected) {
  for (const auto& [visited, page] : expected) EXPECT_EQ(rules.Apply(Url(visited)).text(), page) << visited;
}

TEST(PageRulesTest, LeaveEachUrlAsItIsByDefault) {
  const PageRules rules = Rules({});
  for (const char* url : {"https://h/a/index.html?utm_source=x&b=1", "https://h/a/?fbclid=1", "https://h/?"}) {
    EXPECT_EQ(rules.Apply(Url(url)).text(), url);
  }
}

TEST(PageRulesTest, TakeParametersOff) {
  ExpectPages(Rules({.strip_parameters = {"utm_*", "fbclid", "a b"}}),
              {{"https://h/?utm_source=x&id=1&fbclid=2", "https://h/?id=1"},
               {"https://h/p?b=2&utm_medium=x&a=1", "https://h/p?b=2&a=1"},
               {"https://h/p?utm_source=x", "https://h/p"},
               {"https://h/p?utm_source", "https://h/p"},
               {"https://h/p?UTM_Source=x&FBCLID=1&q", "https://h/p?q"},
               {"https://h/p?%75tm%5Fsource=x&fb%63lid&a%20B=1&q", "https://h/p?q"},
               {"https://h/p?utm=x&xfbclid=1&fbclids=2&a=fbclid", "https://h/p?utm=x&xfbclid=1&fbclids=2&a=fbclid"}});
}

TEST(PageRulesTest, KeepTheSpellingOfOtherParameters) {
  ExpectPages(Rules({.strip_parameters = {"x"}}), {{"https://h/?b=%2B+&&a==&x=1&", "https://h/?b=%2B+&&a==&"},
                                                   {"https://h/?x&&a", "https://h/?&a"},
                                                   {"https://h/?", "https://h/?"},
                                                   {"https://h/?&", "https://h/?&"},
                                                   {"https://h/?=1", "https://h/?=1"},
                                                   {"https://h/?x", "https://h/"},
                                                   {"https://h/?&x=1&", "https://h/"}});
}

TEST(PageRulesTest, KnowWhatIsAddedToLinks) {
  const PageRules rules = Rules({.strip_parameters = CampaignParameterNames()});
  for (const char* name :
       {"utm_source", "utm_id",  "gclid",         "gbraid", "wbraid",    "dclid",       "fbclid", "igshid",
        "msclkid",    "yclid",   "twclid",        "ttclid", "li_fat_id", "mc_cid",      "mc_eid", "_hsenc",
        "_hsmi",      "mkt_tok", "hsCtaTracking", "ScCid",  "_gl",       "mtm_campaign"}) {
    EXPECT_EQ(rules.Apply(Url(std::string("https://h/?") + name + "=1&id=2")).text(), "https://h/?id=2") << name;
  }
  for (const char* name : {"id", "page", "q", "ref", "source", "s", "p", "lang", "pk_id", "cid", "v", "si"}) {
    const std::string url = std::string("https://h/?") + name + "=1";
    EXPECT_EQ(rules.Apply(Url(url)).text(), url);
  }
}

TEST(PageRulesTest, TakeTheTrailingSlashOff) {
  ExpectPages(Rules({.strip_trailing_slash = true}), {{"https://h/", "https://h/"},
                                                      {"https://h/a/", "https://h/a"},
                                                      {"https://h/a/?b=/", "https://h/a?b=/"},
                                                      {"https://h/a//", "https://h/a"},
                                                      {"https://h///", "https://h/"},
                                                      {"https://h/?", "https://h/?"},
                                                      {"https://h/a/index.html", "https://h/a/index.html"}});
}

TEST(PageRulesTest, TakeTheIndexOff) {
  ExpectPages(Rules({.strip_index = true}), {{"https://h/index.html", "https://h/"},
                                             {"https://h/a/index.php?id=1", "https://h/a/?id=1"},
                                             {"https://h/a/Default.aspx", "https://h/a/"},
                                             {"https://h/a/index.htm/", "https://h/a/index.htm/"},
                                             {"https://h/index.html/b", "https://h/index.html/b"},
                                             {"https://h/myindex.html", "https://h/myindex.html"},
                                             {"https://h/index", "https://h/index"},
                                             {"https://index.php/", "https://index.php/"}});
}

TEST(PageRulesTest, TakeWhatTheOtherRuleLaysBare) {
  ExpectPages(Rules({.strip_parameters = {"x"}, .strip_trailing_slash = true, .strip_index = true}),
              {{"https://h/a/index.html", "https://h/a"},
               {"https://h/a/index.html/", "https://h/a"},
               {"https://h/a/index.html//index.php/?x", "https://h/a"},
               {"https://h/index.html/index.html?x&y", "https://h/?y"}});
}

// Every path and query of up to 6 of these parts.
TEST(PageRulesTest, ChangeNothingWhenAppliedTwice) {
  constexpr size_t kMostParts = 6;
  std::vector<std::string> urls = {"https://h/"};
  for (size_t first = 0, parts = 0; parts < kMostParts; ++parts) {
    for (const size_t end = urls.size(); first < end; ++first) {
      for (const char* part : {"/", "index.php", "?", "&", "x", "a=%26"}) urls.push_back(urls[first] + part);
    }
  }
  for (int rule = 0; rule < 8; ++rule) {
    const PageRules rules =
        Rules({.strip_parameters = (rule & 1) != 0 ? std::vector<std::string>{"x*"} : std::vector<std::string>{},
               .strip_trailing_slash = (rule & 2) != 0,
               .strip_index = (rule & 4) != 0});
    for (const std::string& url : urls) {
      const TrackedUrl page = rules.Apply(Url(url));
      ASSERT_EQ(rules.Apply(page), page) << url << " under rule " << rule;
    }
  }
}

TEST(PageRulesTest, SayWhatIsWrongWithThem) {
  const auto fault = [](const PageRules::Values& values) {
    const auto rules = PageRules::Make(values);
    return rules ? "accepted" : rules.error().message;
  };
  EXPECT_THAT(fault({.strip_parameters = {"utm_*_x"}}), HasSubstr("\"utm_*_x\" has a star before its end"));
  EXPECT_THAT(fault({.strip_parameters = {"a", ""}}), HasSubstr("name is empty"));
  EXPECT_THAT(fault({.strip_parameters = {"a=b"}}), HasSubstr("\"a=b\" is no parameter's name"));
  EXPECT_THAT(fault({.sites = {"https://h/"}}), HasSubstr("\"https://h/\" is no site"));
}

}  // namespace
}  // namespace page_count
