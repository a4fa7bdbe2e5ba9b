#include "worker/attributes/known_attributes.h"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/unit/temporary_folder.h"

namespace page_count {
namespace {

TEST(KnownAttributes, OfPagesFollowFromTheAddress) {
  KnownAttributes attributes({}, "");
  const auto directory = [&](const char* url) { return attributes.ValueOf(Dimension::kDirectory, url); };
  EXPECT_EQ(attributes.ValueOf(Dimension::kHost, "https://example.com:8443/a"), "example.com");
  EXPECT_EQ(attributes.ValueOf(Dimension::kHost, "http://[2001:db8::1]:80/a"), "[2001:db8::1]");
  EXPECT_EQ(directory("https://example.com/"), "/");
  EXPECT_EQ(directory("https://example.com/about"), "/");
  EXPECT_EQ(directory("https://example.com/blog/2026/a?b=/c"), "/blog/");
  EXPECT_EQ(directory("https://example.com/?a=/b/c"), "/");
}

TEST(KnownAttributes, OfAgentsComeFromLists) {
  const std::string chrome =
      "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36";
  KnownAttributes attributes({"my monitor"}, "");
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(attributes.ValueOf(Dimension::kBrowser, chrome), "Chrome");
    EXPECT_EQ(attributes.ValueOf(Dimension::kSystem, chrome), "Linux");
    EXPECT_EQ(attributes.ValueOf(Dimension::kDevice, chrome), "desktop");
    EXPECT_EQ(attributes.ValueOf(Dimension::kBot, chrome), "");
    EXPECT_EQ(attributes.ValueOf(Dimension::kBot, "My Monitor/1"), "own list: my monitor");
    EXPECT_EQ(attributes.ValueOf(Dimension::kDevice, "curl/8.0"), "bot");
    attributes.Rest();
  }
  EXPECT_NE(attributes.VersionOf(Dimension::kAgent), KnownAttributes({}, "").VersionOf(Dimension::kAgent));
}

TEST(KnownAttributes, OfClientsComeFromADatabaseIfThereIsOne) {
  EXPECT_EQ(KnownAttributes({}, "").VersionOf(Dimension::kClient), "") << "nothing is kept";
  const TemporaryFolder folder;
  std::ofstream(folder.File("geoip")) << "# a\n3221225984,3221226239,DE\n";  // 192.0.2.0/24
  std::ofstream(folder.File("geoip6")) << "# a\n2001:db8::,2001:db8:ffff:ffff:ffff:ffff:ffff:ffff,FR\n";
  KnownAttributes attributes({}, folder.File(""));
  EXPECT_EQ(attributes.ValueOf(Dimension::kCountry, "192.0.2.7"), "DE");
  EXPECT_EQ(attributes.ValueOf(Dimension::kCountry, "2001:db8::1"), "FR");
  EXPECT_EQ(attributes.ValueOf(Dimension::kCountry, "10.0.0.1"), "");
  EXPECT_EQ(attributes.ValueOf(Dimension::kCountry, "hash-CH-0123456789abcdef"), "CH") << "of the time of the visit";
  EXPECT_EQ(attributes.ValueOf(Dimension::kCountry, "expired-0123456789abcdef"), "");
  const std::string version = attributes.VersionOf(Dimension::kClient);
  EXPECT_NE(version, "");
}

TEST(KnownAttributes, AreEmptyWhileTheDatabaseCannotBeRead) {
  const TemporaryFolder folder;
  std::ofstream(folder.File("countries.mmdb")) << "no database";
  KnownAttributes attributes({}, folder.File("countries.mmdb"));
  EXPECT_NE(attributes.VersionOf(Dimension::kClient), "");
  EXPECT_EQ(attributes.ValueOf(Dimension::kCountry, "192.0.2.7"), "");
  EXPECT_EQ(attributes.VersionOf(Dimension::kClient), "") << "it is not tried again";
}

}  // namespace
}  // namespace page_count
