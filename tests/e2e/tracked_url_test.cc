#include <cstdio>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "tests/e2e/service_test.h"
#include "tests/e2e/stored_visits.h"

namespace page_count::e2e {
namespace {

class TrackedUrl : public ServiceTest {
 protected:
  using Spellings = std::vector<std::pair<std::string, std::string>>;

  // As sent, and as it must be stored, through each way in.
  void ExpectStored(const Spellings& spellings) {
    for (const auto& [sent, stored] : spellings) {
      SCOPED_TRACE(sent);
      const auto post = Visit(sent);
      EXPECT_EQ(post.status, 200) << post.body;
      EXPECT_EQ(Json::Parse(post.body)["url"].str(), stored);
      const auto get = Get("/?url=" + Encoded(sent));
      EXPECT_EQ(get.status, 200) << get.body;
      EXPECT_EQ(Json::Parse(get.body)["url"].str(), stored);
    }
  }

  void ExpectRefused(const std::vector<std::string>& urls) {
    for (const std::string& url : urls) {
      SCOPED_TRACE(url.substr(0, 200));
      ExpectInvalid(Visit(url), R"(["body","url"])");
      ExpectInvalid(Post("/bulk-visits", "[" + VisitBody(url) + "]"), R"(["body",0,"url"])");
      ExpectError(Get("/?url=" + Encoded(url)), 400, "Invalid URL format");
      ExpectPixel(Get("/pixel.gif?url=" + Encoded(url)), 400);
      ExpectError(Get("/stats/" + Encoded(url)), 400, "Invalid URL format");
    }
  }
};

TEST_F(TrackedUrl, IsHttpOrHttps) {
  ExpectStored(
      {{"http://scheme.example/", "http://scheme.example/"}, {"https://scheme.example/", "https://scheme.example/"}});
  ExpectRefused({"ftp://h.example/", "javascript:alert(1)", "data:text/html,x", "file:///etc/passwd",
                 "httpx://h.example/", "mailto:a@h.example", "h.example/", "//h.example/", "/path", "?x=1", "http",
                 "http:", "://h.example/", "ws://h.example/", "1http://h.example/"});
}

TEST_F(TrackedUrl, HasAHost) {
  ExpectRefused({"http://", "https:///path", "http://?x", "http://#x", "https://:80/", "http:/h.example/",
                 "http:h.example", "http://[]/", "http://[::1", "http://[g::1]/", "http://[1:2:3]/"});
}

TEST_F(TrackedUrl, IsAtMost8192BytesInCanonicalForm) {
  const std::string prefix = "https://long.example/";
  const size_t room = 8192 - prefix.size();
  const std::string longest = prefix + std::string(room, 'a');
  ExpectStored({{longest, longest}, {longest + "#top", longest}});
  EXPECT_EQ(GetJson("/stats/" + Encoded(longest))["total_visits"].number(), 4);
  EXPECT_EQ(GetJson("/stats/" + longest)["total_visits"].number(), 4);
  ExpectPixel(Get("/pixel.gif", {"Referer: " + longest}), 200);
  EXPECT_EQ(GetJson("/stats/" + Encoded(longest))["total_visits"].number(), 5);
  ExpectRefused({longest + "a", longest + "?", longest + "/#top", prefix + std::string(room / 3 + 1, '|')});
  ExpectPixel(Get("/pixel.gif", {"Referer: " + longest + 'a'}), 400);

  std::string accents = prefix;
  std::string encoded = prefix;
  while (encoded.size() + 6 <= 8192) {
    accents += "é";
    encoded += "%C3%A9";
  }
  ExpectStored({{accents, encoded}, {encoded, encoded}});
  EXPECT_EQ(GetJson("/stats/" + Encoded(accents))["total_visits"].number(), 4);
}

// Every byte of it percent-encoded, beside what else a browser sends.
TEST_F(TrackedUrl, OfTheLongestFitsIntoEveryRequestEncodedOnceMore) {
  const std::string prefix = "https://encoded.example/?q=";
  std::string longest = prefix;
  while (longest.size() + 3 <= 8192) longest += "%7C";
  longest.append(8192 - longest.size(), 'a');
  std::string everything;
  for (const char c : longest) {
    char byte[4];
    std::snprintf(byte, sizeof byte, "%%%02X", static_cast<unsigned>(c));
    everything += byte;
  }
  const std::vector<std::string> headers = {
      "Referer: " + longest.substr(0, 4096), "User-Agent: " + std::string(1000, 'u'),
      "Accept: image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8", "Cookie: " + std::string(4096, 'c')};
  ExpectPixel(Get("/pixel.gif?url=" + everything + "&rnd=0.123456789", headers), 200);
  ExpectPixel(Get("/?url=" + everything, headers), 200);
  HttpClient http2(service().https_port(), Protocol::kHttp2, address());
  const auto over_http2 = Send(http2, {.method = "GET", .target = "/?url=" + everything, .headers = {}, .body = {}});
  EXPECT_EQ(over_http2.status, 200) << over_http2.body.substr(0, 200);
  EXPECT_EQ(Json::Parse(Get("/stats/" + everything + "?hours=24").body)["total_visits"].number(), 3);
}

TEST_F(TrackedUrl, HasNoRawWhiteSpaceNorControlCharacters) {
  using namespace std::string_literals;
  ExpectRefused({"https://h.example/a b", " https://h.example/", "https://h.example/ ", "https://h.example/\ta",
                 "https://h.example/\n", "https://h.example/\r\nx", "https://h. example/", "https://h.example/\x01",
                 "https://h.example/\x7F", "https://h.example/?a b", "https://h.example/ #ab"});
  ExpectRefused({"https://h%00.example/", "https://h%20.example/", "https://h%0A.example/"});
  ExpectRefused({"https://h.example/\u0085", "https://h.example/?\u0080", "https://h.example/\u00A0",
                 "https://h.example/a\u3000b", "https://h.example/\u2028"});
  ExpectInvalid(Post("/visit", R"({"url": "https://h.example/\u0000"})"), R"(["body","url"])");
}

TEST_F(TrackedUrl, PercentEncodedBytesAreText) {
  ExpectStored({{"https://spaced.example/a%20b", "https://spaced.example/a%20b"},
                {"https://area.example/?text=one%0D%0Atwo%09", "https://area.example/?text=one%0D%0Atwo%09"},
                {"https://control.example/%00%1f%7F", "https://control.example/%00%1F%7F"},
                {"https://control.example/%C2%85", "https://control.example/%C2%85"},
                {"https://arabic.example/?q=%c7%e1%DA", "https://arabic.example/?q=%C7%E1%DA"}});
  EXPECT_EQ(GetJson("/stats/" + Encoded("https://control.example/%00%1f%7f"))["total_visits"].number(), 2);
}

TEST_F(TrackedUrl, HasNoBackslashBeforeItsQuery) {
  ExpectRefused({"https://h.example\\path", "https:\\\\h.example/", "https://h.example/a\\b",
                 "https://good.example\\@evil.example/", "https://h.example/\\?"});
  ExpectStored({{"https://kanji.example/?q=%83\\", "https://kanji.example/?q=%83%5C"},
                {"https://kanji.example/?a=\\?\\", "https://kanji.example/?a=%5C?%5C"}});
}

TEST_F(TrackedUrl, HasNoCredentials) {
  ExpectRefused({"https://user@h.example/", "https://user:word@h.example/", "https://@h.example/",
                 "https://:@h.example/", "https://a%40b@h.example/"});
  ExpectStored({{"https://at.example/@user?mail=a@b", "https://at.example/@user?mail=a@b"}});
}

TEST_F(TrackedUrl, HasAPortUpTo65535) {
  ExpectStored({{"https://port.example:65535/", "https://port.example:65535/"},
                {"https://port.example:8443/x", "https://port.example:8443/x"}});
  ExpectRefused({"https://h.example:65536/", "https://h.example:99999999999999999999/", "https://h.example:-1/",
                 "https://h.example:x/", "https://h.example:80x/", "https://h.example:+80/"});
}

TEST_F(TrackedUrl, APercentWithoutTwoHexDigitsIsAPercentSign) {
  ExpectStored({{"https://percent.example/100%", "https://percent.example/100%25"},
                {"https://percent.example/%2gx%", "https://percent.example/%252gx%25"},
                {"https://percent.example/?q=%u00fc", "https://percent.example/?q=%25u00fc"}});
  EXPECT_EQ(GetJson("/stats/" + Encoded("https://percent.example/100%25"))["total_visits"].number(), 2);
  EXPECT_EQ(GetJson("/stats/" + Encoded("https://percent.example/100%"))["total_visits"].number(), 2);
  ExpectRefused({"https://h%.example/", "https://h%zz.example/"});
}

TEST_F(TrackedUrl, IsStoredInCanonicalForm) {
  ExpectStored({{"HTTPS://Case.EXAMPLE/Path?Query", "https://case.example/Path?Query"},
                {"http://port80.example:80/", "http://port80.example/"},
                {"https://port443.example:443/a", "https://port443.example/a"},
                {"http://port443.example:443/", "http://port443.example:443/"},
                {"https://port80.example:80/", "https://port80.example:80/"},
                {"https://noport.example:/", "https://noport.example/"},
                {"https://zeros.example:00443/", "https://zeros.example/"},
                {"https://empty.example", "https://empty.example/"},
                {"https://empty.example?x=1", "https://empty.example/?x=1"},
                {"https://empty.example#top", "https://empty.example/"}});
  ExpectStored({{"https://dots.example/a/./b/../c", "https://dots.example/a/c"},
                {"https://dots.example/../../x", "https://dots.example/x"},
                {"https://dots.example/a/b/..", "https://dots.example/a/"},
                {"https://dots.example/a/.", "https://dots.example/a/"},
                {"https://dots.example/a/%2e%2E/b", "https://dots.example/b"},
                {"https://dots.example/a//b", "https://dots.example/a//b"},
                {"https://dots.example/...", "https://dots.example/..."},
                {"https://dots.example/?p=/../x", "https://dots.example/?p=/../x"}});
  ExpectStored({{"https://hex.example/%7euser/%41%2d", "https://hex.example/~user/A-"},
                {"https://hex.example/%2f%3f%c3%a9", "https://hex.example/%2F%3F%C3%A9"},
                {"https://hex.example/?q=%7e%2b+", "https://hex.example/?q=~%2B+"},
                {"https://%68ex.example/host", "https://hex.example/host"}});
}

TEST_F(TrackedUrl, IsStoredWithoutItsFragment) {
  ExpectStored({{"https://fragment.example/a#section", "https://fragment.example/a"},
                {"https://fragment.example/b?c#d?e#", "https://fragment.example/b?c"},
                {"https://fragment.example/p#100%", "https://fragment.example/p"},
                {"https://fragment.example/q#a b\\%0A\t\x7F@", "https://fragment.example/q"}});
}

TEST_F(TrackedUrl, AnEmptyQueryIsAnotherPage) {
  ExpectStored({{"http://query.example/?", "http://query.example/?"},
                {"http://query.example/", "http://query.example/"},
                {"http://query.example/", "http://query.example/"}});
  EXPECT_EQ(GetJson("/stats/" + Encoded("http://query.example/?"))["total_visits"].number(), 2);
  EXPECT_EQ(GetJson("/stats/" + Encoded("http://query.example/"))["total_visits"].number(), 4);
}

TEST_F(TrackedUrl, MayHaveAnIpv6HostAsInRfc5952) {
  ExpectStored({{"http://[2001:DB8:0:0:0:0:0:1]/", "http://[2001:db8::1]/"},
                {"http://[2001:0db8::0001]:8080/", "http://[2001:db8::1]:8080/"},
                {"http://[2001:db8:0:1:1:1:1:1]/", "http://[2001:db8:0:1:1:1:1:1]/"},
                {"http://[2001:db8::1:1:1:1:1]/", "http://[2001:db8:0:1:1:1:1:1]/"},
                {"http://[2001:0:0:1:0:0:0:1]/", "http://[2001:0:0:1::1]/"},
                {"http://[2001:db8:0:0:1:0:0:1]/", "http://[2001:db8::1:0:0:1]/"},
                {"http://[::FFFF:C000:201]/", "http://[::ffff:192.0.2.1]/"},
                {"http://[::1]:80/", "http://[::1]/"},
                {"http://[0:0:0:0:0:0:0:0]/", "http://[::]/"}});
}

TEST_F(TrackedUrl, MayHaveAnInternationalHostStoredAsALabels) {
  ExpectStored({{"https://münchen.example/", "https://xn--mnchen-3ya.example/"},
                {"https://MÜNCHEN.example/ß", "https://xn--mnchen-3ya.example/%C3%9F"},
                {"https://xn--mnchen-3ya.example/2", "https://xn--mnchen-3ya.example/2"},
                {"https://例え.テスト/", "https://xn--r8jz45g.xn--zckzah/"},
                {"https://museum.photography/", "https://museum.photography/"},
                {"http://localhost:3000/", "http://localhost:3000/"},
                {"http://192.0.2.1/", "http://192.0.2.1/"}});
  ExpectStored({{"https://STRAẞE.example/", "https://xn--strae-oqa.example/"},
                {"https://straße.example/", "https://xn--strae-oqa.example/"},
                {"https://strasse.example/", "https://strasse.example/"},
                {"https://ab--ü.example/", "https://xn--ab---3ra.example/"},
                {"https://\U0001FAC0.example/", "https://xn--419h.example/"},
                {"https://\U0001FAE8.example/", "https://xn--929h.example/"}});
}

TEST_F(TrackedUrl, AnAsciiHostIsLowerCasedAndNoMore) {
  ExpectStored({{"https://xn--929h.example/", "https://xn--929h.example/"},
                {"https://XN--A.example/", "https://xn--a.example/"},
                {"https://r3---sn-p5q.example/", "https://r3---sn-p5q.example/"},
                {"https://A!$&'()*+,;=~.example/", "https://a!$&'()*+,;=~.example/"}});
  const std::string label(63, 'a');
  const std::string name = label + '.' + label + '.' + label + '.' + std::string(61, 'b');
  ExpectStored({{"https://" + name + "./", "https://" + name + "./"}});
  ExpectRefused({"https://" + name + "b/", "https://" + label + "a.example/", "https://a..example/",
                 "https://h.example../", "https://.example/", "https://a|b.example/"});
}

TEST_F(TrackedUrl, NonAsciiInAPathIsStoredPercentEncoded) {
  ExpectStored({{"https://path.example/café?q=ü", "https://path.example/caf%C3%A9?q=%C3%BC"},
                {"https://path.example/日本", "https://path.example/%E6%97%A5%E6%9C%AC"},
                {"https://path.example/😀", "https://path.example/%F0%9F%98%80"}});
}

// The same limit, and the same judgement, at an import.
TEST_F(TrackedUrl, WhateverWasRecordedIsImportedAgain) {
  const std::string prefix = "https://again.example/";
  std::string raw = prefix;
  std::string grown = prefix;
  while (grown.size() + 3 <= 8192) {
    raw += '|';
    grown += "%7C";
  }
  const std::vector<std::string> sent = {raw,
                                         prefix + std::string(8192 - prefix.size(), 'a'),
                                         prefix + "?q=%83\\&%0D%0A%",
                                         prefix + "%00",
                                         "https://xn--929h.again.example/",
                                         "https://a!\"again.example/"};
  for (const std::string& url : sent) ASSERT_EQ(Visit(url).status, 200) << url.substr(0, 100);

  const std::string csv = service().folder() + "/again.csv";
  const std::string database = service().folder() + "/again.db";
  std::ofstream(csv) << Get("/all-visits?format=csv").body;
  service().RunProgram({"import", csv, "--database", database});
  const auto before = VisitsByPage(service().database());
  EXPECT_EQ(before.count(grown), 1U);
  EXPECT_EQ(before.count("https://a!%22again.example/"), 1U);
  EXPECT_EQ(VisitsByPage(database), before);
}

TEST_F(TrackedUrl, LookUpsFindEverySpelling) {
  ASSERT_EQ(Visit("https://look.example/a/c~").status, 200);
  for (const char* spelling : {"https://look.example/a/c~", "HTTPS://LOOK.example:443/a/b/../c%7E#x",
                               "https://look.example/./a/c%7e", "https://l%6Fok.example/a/c~"}) {
    const Json answer = GetJson("/stats/" + Encoded(spelling));
    EXPECT_EQ(answer["total_visits"].number(), 1) << spelling;
    EXPECT_EQ(answer["url"].str(), "https://look.example/a/c~") << spelling;
  }
}

}  // namespace
}  // namespace page_count::e2e
