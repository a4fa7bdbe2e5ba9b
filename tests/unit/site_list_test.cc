#include "worker/visits/site_list.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace page_count {
namespace {

bool Has(const std::vector<std::string>& sites, const std::string& url) {
  return SiteList::Make(sites)->Has(*TrackedUrl::Parse(url));
}

TEST(SiteListTest, HasEverySiteIfItIsEmpty) { EXPECT_TRUE(Has({}, "https://example.com/")); }

TEST(SiteListTest, HasItsHosts) {
  const std::vector<std::string> sites = {"example.com", "Example.NET", "192.0.2.1", "[2001:DB8::1]", "localhost:8080"};
  for (const char* url :
       {"https://example.com/", "http://EXAMPLE.com:8443/a?b", "https://example.net/", "https://example.com./",
        "http://192.0.2.1/", "http://[2001:db8::1]:80/", "http://localhost/", "http://localhost:3000/"}) {
    EXPECT_TRUE(Has(sites, url)) << url;
  }
  for (const char* url : {"https://www.example.com/", "https://example.co/", "https://example.com.org/",
                          "https://example.org/example.com", "https://notexample.com/", "http://192.0.2.11/"}) {
    EXPECT_FALSE(Has(sites, url)) << url;
  }
}

TEST(SiteListTest, HasWhatLiesBelowAWildcard) {
  const std::vector<std::string> sites = {"*.example.org"};
  EXPECT_TRUE(Has(sites, "https://www.example.org/"));
  EXPECT_TRUE(Has(sites, "https://A.b.example.org:8443/"));
  EXPECT_TRUE(Has(sites, "https://www.example.org./"));
  EXPECT_FALSE(Has(sites, "https://example.org/"));
  EXPECT_FALSE(Has(sites, "https://notexample.org/"));
  EXPECT_FALSE(Has(sites, "https://example.org.test/"));
}

TEST(SiteListTest, TakesNamesInAnyAlphabet) {
  for (const char* site : {"bücher.example", "BÜCHER.example", "xn--bcher-kva.example"}) {
    EXPECT_TRUE(Has({site}, "https://bücher.example/")) << site;
    EXPECT_TRUE(Has({std::string("*.") + site}, "https://a.xn--bcher-kva.example/")) << site;
  }
}

TEST(SiteListTest, RefusesWhatIsNoHost) {
  for (const char* site : {"", "*", "*.", "a.*", "*.*.example", "*example.com", "https://example.com", "example.com/",
                           "a@example.com", "exa mple.com", "example..com", "a%2Eb"}) {
    const auto sites = SiteList::Make({"example.com", site});
    ASSERT_FALSE(sites.ok()) << site;
    EXPECT_NE(sites.error().message.find('"' + std::string(site) + "\" is no site"), std::string::npos)
        << sites.error().message;
  }
}

}  // namespace
}  // namespace page_count
