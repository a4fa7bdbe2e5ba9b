#include "worker/visits/tracked_url.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace page_count {
namespace {

using ::testing::HasSubstr;

struct Spelling {
  std::string sent;
  std::string canonical;
};

std::string Canonical(std::string_view text) {
  const auto url = TrackedUrl::Parse(text);
  return url ? url->text() : "refused: " + url.error().message;
}

std::string Fault(std::string_view text) {
  const auto url = TrackedUrl::Parse(text);
  return url ? "accepted: " + url->text() : url.error().message;
}

void ExpectCanonical(const std::vector<Spelling>& spellings) {
  for (const Spelling& spelling : spellings) {
    EXPECT_EQ(Canonical(spelling.sent), spelling.canonical) << spelling.sent;
    EXPECT_EQ(Canonical(spelling.canonical), spelling.canonical) << "canonical form is not its own";
  }
}

void ExpectRefused(const std::vector<std::string>& texts, const std::string& reason) {
  for (const std::string& text : texts) EXPECT_THAT(Fault(text), HasSubstr(reason)) << text;
}

TEST(TrackedUrlTest, LeavesACanonicalUrlAsItIs) {
  for (const char* text : {"http://example.com/", "https://example.com/blog/2025/a-page?id=1&tag=c++",
                           "http://localhost:8080/x", "http://h/a:b@c;d=1,2!$&'()*+~", "http://h/?a=/?:@",
                           "https://a.museum/", "http://intranet_1/", "http://h/a//b///"}) {
    EXPECT_EQ(Canonical(text), text);
  }
}

// A fragment has it parsed; without one it may be seen to be canonical as it stands.
TEST(TrackedUrlTest, IsTheSameWhetherOrNotItNeedsParsing) {
  constexpr std::string_view kAlphabet = "a./?:-_@%A";
  constexpr int kLongest = 5;
  std::vector<std::string> texts = {""};
  for (size_t first = 0, length = 1; length <= kLongest; ++length) {
    for (const size_t end = texts.size(); first < end; ++first) {
      for (const char c : kAlphabet) texts.push_back(texts[first] + c);
    }
  }
  for (const std::string_view begin : {"http://", "https://h", "http://h/", "https://xn--a/", "http://1.2/a?"}) {
    for (const std::string& text : texts) {
      const std::string url = std::string(begin) + text;
      ASSERT_EQ(Canonical(url), Canonical(url + '#')) << url;
    }
  }
}

TEST(TrackedUrlTest, LowersSchemeAndHostOnly) {
  ExpectCanonical({{"HTTP://Example.COM/Path?Q=A", "http://example.com/Path?Q=A"},
                   {"hTTpS://EXAMPLE.com/", "https://example.com/"}});
}

TEST(TrackedUrlTest, DropsADefaultOrEmptyPort) {
  ExpectCanonical({{"http://h:80/", "http://h/"},
                   {"https://h:443/", "https://h/"},
                   {"http://h:443/", "http://h:443/"},
                   {"https://h:80/", "https://h:80/"},
                   {"http://h:/", "http://h/"},
                   {"http://h:", "http://h/"},
                   {"http://h:00080/", "http://h/"},
                   {"http://h:0008080", "http://h:8080/"},
                   {"http://h:0000000000000000000000443", "http://h:443/"},
                   {"http://h:65535/", "http://h:65535/"},
                   {"http://h:000/", "http://h:0/"}});
}

TEST(TrackedUrlTest, MakesAnEmptyPathASlash) {
  ExpectCanonical({{"http://h", "http://h/"}, {"http://h?q", "http://h/?q"}, {"http://h#f", "http://h/"}});
}

TEST(TrackedUrlTest, KeepsAnEmptyQueryApartFromNone) {
  ExpectCanonical({{"http://h?", "http://h/?"}, {"http://h/?", "http://h/?"}, {"http://h/?#f", "http://h/?"}});
  EXPECT_NE(*TrackedUrl::Parse("http://h/?"), *TrackedUrl::Parse("http://h/"));
}

TEST(TrackedUrlTest, DropsTheFragmentWhateverItHolds) {
  ExpectCanonical({{"http://h/a#b?c/../[|]\"@#\u00FC%FF", "http://h/a"}, {"http://h/#", "http://h/"}});
}

TEST(TrackedUrlTest, RemovesDotSegmentsEncodedOnesToo) {
  ExpectCanonical({{"http://h/a/./b/../c", "http://h/a/c"},
                   {"http://h/..", "http://h/"},
                   {"http://h/../../x", "http://h/x"},
                   {"http://h/a/.", "http://h/a/"},
                   {"http://h/a/b/..", "http://h/a/"},
                   {"http://h/%2e%2E/a/%2e/b", "http://h/a/b"},
                   {"http://h/a/.%2e", "http://h/"},
                   {"http://h/a//../b", "http://h/a/b"},
                   {"http://h/..//x", "http://h//x"},
                   {"http://h//..", "http://h/"},
                   {"http://h/.../a..", "http://h/.../a.."},
                   {"http://h/a?b/../c", "http://h/a?b/../c"}});
}

TEST(TrackedUrlTest, NormalizesPercentEncoding) {
  ExpectCanonical({{"http://h/%7euser/%41%2d%5F", "http://h/~user/A-_"},
                   {"http://h/%c3%bc?%3d%7a", "http://h/%C3%BC?%3Dz"},
                   {"http://h/a%2fb%3f%23%25", "http://h/a%2Fb%3F%23%25"},
                   {"http://h/a%20b%5c", "http://h/a%20b%5C"}});
}

TEST(TrackedUrlTest, KeepsEncodedBytesThatAreNotUtf8) {
  ExpectCanonical({{"http://h/%FF%fe", "http://h/%FF%FE"}, {"http://h/?%85", "http://h/?%85"}});
}

TEST(TrackedUrlTest, EncodesWhatBrowsersSendRaw) {
  ExpectCanonical({{"http://h/|\"<>^`{}[]", "http://h/%7C%22%3C%3E%5E%60%7B%7D%5B%5D"},
                   {"http://h?a[]=|\"<>^`{}", "http://h/?a%5B%5D=%7C%22%3C%3E%5E%60%7B%7D"},
                   {"http://h/\u00FC/\u65E5?\U0001F600", "http://h/%C3%BC/%E6%97%A5?%F0%9F%98%80"}});
}

TEST(TrackedUrlTest, FindsOnePageUnderRawAndEncodedSpelling) {
  EXPECT_EQ(*TrackedUrl::Parse("http://b\u00FCcher.de/\u00FC"), *TrackedUrl::Parse("http://xn--bcher-kva.de/%c3%bc"));
}

TEST(TrackedUrlTest, StoresIdnHostsAsALabels) {
  ExpectCanonical({{"http://B\u00DCCHER.de/", "http://xn--bcher-kva.de/"},
                   {"http://fa\u00DF.de/", "http://xn--fa-hia.de/"},
                   {"http://b%C3%BCcher.de", "http://xn--bcher-kva.de/"},
                   {"http://XN--BCHER-KVA.de/", "http://xn--bcher-kva.de/"},
                   {"http://u\u0308.de/", "http://xn--tda.de/"},
                   {"http://\u65E5\u672C\u3002\uFF2A\uFF30\uFF0E/", "http://xn--wgv71a.jp./"},
                   {"http://a\u00ADb/", "http://ab/"},
                   {"http://_x.ab--cd.\u00FC:81/", "http://_x.ab--cd.xn--tda:81/"}});
}

TEST(TrackedUrlTest, TakesEmojiHostsAsBrowsersDo) {
  ExpectCanonical({{"https://i\u2764.ws/", "https://xn--i-7iq.ws/"}, {"https://XN--LS8H.la", "https://xn--ls8h.la/"}});
}

TEST(TrackedUrlTest, DecodesAPercentEncodedHost) {
  ExpectCanonical({{"http://Ex%61mple%2ECOM:80/", "http://example.com/"}, {"http://%31.2.3.4/", "http://1.2.3.4/"}});
}

TEST(TrackedUrlTest, WritesIpv6HostsAsRfc5952) {
  ExpectCanonical({{"http://[2001:DB8:0:0:0:0:0:1]/", "http://[2001:db8::1]/"},
                   {"http://[2001:0db8::0001]:8080", "http://[2001:db8::1]:8080/"},
                   {"http://[1:0:2:0:0:3:0:0]/", "http://[1:0:2::3:0:0]/"},
                   {"http://[1:2:3:4:5:6:7::]/", "http://[1:2:3:4:5:6:7:0]/"},
                   {"http://[0:0:0:0:0:ffff:c000:201]/", "http://[::ffff:192.0.2.1]/"},
                   {"http://[::]/", "http://[::]/"}});
}

TEST(TrackedUrlTest, TakesIpv4AndSingleLabelHostsAndATrailingDot) {
  ExpectCanonical({{"http://192.0.2.1:80", "http://192.0.2.1/"},
                   {"http://localhost", "http://localhost/"},
                   {"http://Example.com.", "http://example.com./"}});
}

TEST(TrackedUrlTest, TakesHostsUpToTheirLongest) {
  const std::string label(63, 'a');
  const std::string name = label + '.' + label + '.' + label + '.' + std::string(61, 'b');
  ASSERT_EQ(name.size(), 253U);
  ExpectCanonical({{"http://" + name, "http://" + name + '/'}, {"http://" + name + '.', "http://" + name + "./"}});
  ExpectRefused({"http://" + name + 'b', "http://" + label + "a/"}, "host");
}

TEST(TrackedUrlTest, RefusesHostsThatAreNoName) {
  ExpectRefused(
      {"http://a..b/", "http://.a/", "http://a../", "http://./", "http://a%2Fb/", "http://a%40b/", "http://a<b/",
       "http://a*b/", "http://%FF/", "http://a%20b/", "http://%5B1%5D/", "http://xn--a/", "http://xn--/",
       "http://\u00AD/", "http://\u2026/", "http://-\u00FC/", "http://\u00FC%2F", "http://[v1.a]/"},
      "host that is no domain name or IP address");
  ExpectRefused({"http://[fe80::1%25eth0]/", "http://[::1", "http://::1/", "http://[1::2::3]/", "http://[:::]/",
                 "http://[::12345]/", "http://[]/", "http://h:8a/", "http://h:-1/", "http://a:1:2/", "http://[::1]x/"},
                "host or port that cannot be read");
  ExpectRefused({"http://", "http:///path", "http://?q", "http://#f", "http://:80/"}, "no host");
}

TEST(TrackedUrlTest, RefusesAPortAboveItsLargest) {
  ExpectRefused({"http://h:65536/", "http://h:99999/", "http://h:100000/", "http://h:18446744073709551696/"},
                "port above 65,535");
}

TEST(TrackedUrlTest, RefusesOtherSchemesAndRelativeText) {
  ExpectRefused({"ftp://h/", "javascript:alert(1)", "//h/", "/path", "h", "http:/h", "http:h", "https//h", "httpx://h/",
                 "\uFEFFhttp://h/", "http"},
                "start with http:// or https://");
}

TEST(TrackedUrlTest, RefusesCredentialsAndAnEmptyAt) {
  ExpectRefused({"http://user@h/", "http://user:pass@h/", "http://@h/", "http://:@h", "http://a@b@h?q", "http://@"},
                "credentials");
}

TEST(TrackedUrlTest, RefusesWhiteSpaceAnywhere) {
  ExpectRefused(
      {" http://h/", "http://h/ ", "http://h/a b", "http://h/\ta", "http://h/\n", "http://h/#a b", "http://h h/",
       "http://h/\u00A0", "http://h/\u2028", "http://h/?\u3000", "http://h/#\u2003", "http://h/\v\f\r"},
      "white space");
}

TEST(TrackedUrlTest, RefusesControlCharactersEncodedOnesToo) {
  ExpectRefused({std::string("http://h/\0x", 11), "http://h/\x01", "http://h/\x7F", "http://h/\u0085",
                 "http://h/#\u009F", "http://h/%00", "http://h/%0a", "http://h/?%1F", "http://h/%7f", "http://h/%C2%80",
                 "http://h/#%c2%9f", "http://h%00/"},
                "control character");
  ExpectCanonical({{"http://h/%C2%A0%C3%80%C2", "http://h/%C2%A0%C3%80%C2"}});
}

TEST(TrackedUrlTest, RefusesABackslash) {
  ExpectRefused({"http:\\\\h\\", "http://h/a\\b", "http://h/#\\"}, "backslash");
}

TEST(TrackedUrlTest, RefusesAPercentSignWithoutTwoHexDigits) {
  ExpectRefused(
      {"http://h/%", "http://h/%4", "http://h/100%/x", "http://h/%GG", "http://h/?%4G", "http://h/#%", "http://h%/"},
      "% without two hex digits");
}

TEST(TrackedUrlTest, RefusesRawBytesThatAreNotUtf8) {
  ExpectRefused({"http://h/\xFF", "http://h/\xC3", "http://h/\xC3(", "http://h/\xC0\xAF", "http://h/\xE0\x80\x80",
                 "http://h/\xED\xA0\x80", "http://h/\xF0\x80\x80\x80", "http://h/\xF4\x90\x80\x80", "http://h/\x80",
                 "http://h/#\xFE", "http://\xC3/"},
                "not valid UTF-8");
}

TEST(TrackedUrlTest, CountsItsLimitInBytesAsSent) {
  const std::string start = "http://h/";
  const std::string longest = start + std::string(TrackedUrl::kMaxBytes - start.size(), 'a');
  EXPECT_EQ(Canonical(longest), longest);
  ExpectRefused({longest + 'a', longest + '#'}, "longer than 2,048 bytes");

  const std::string encoded_later = start + std::string(TrackedUrl::kMaxBytes - start.size(), '|');
  EXPECT_EQ(Canonical(encoded_later).size(), start.size() + 3 * (TrackedUrl::kMaxBytes - start.size()));
}

TEST(TrackedUrlTest, RefusesAnEmptyText) { ExpectRefused({""}, "empty"); }

}  // namespace
}  // namespace page_count
