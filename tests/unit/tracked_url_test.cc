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
  for (const std::string& text : texts) EXPECT_THAT(Fault(text), HasSubstr(reason)) << text.substr(0, 200);
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
  for (const std::string_view begin : {"http://", "https://h", "http://h/", "https://xn--a!/", "http://1.2/a?"}) {
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
  ExpectCanonical({{"http://h/a#b?c/../[|]\"@#\u00FC%FF", "http://h/a"},
                   {"http://h/#", "http://h/"},
                   {"http://h/#a b\t\n\\%", "http://h/"},
                   {std::string("http://h/#\0\x01\x7F", 13), "http://h/"},
                   {"http://h/#\xFF\xC3(", "http://h/"},
                   {"http://h/#%00%C2%80%zz\u0085\u3000", "http://h/"},
                   {"http://h?#\\@", "http://h/?"},
                   {"http://h/#" + std::string(100'000, 'f'), "http://h/"}});
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

TEST(TrackedUrlTest, KeepsEncodedBytesWhateverTheyStandFor) {
  ExpectCanonical({{"http://h/%FF%fe", "http://h/%FF%FE"},
                   {"http://h/?%85", "http://h/?%85"},
                   {"http://h/?q=%e9t%E9", "http://h/?q=%E9t%E9"},  // windows-1252
                   {"http://h/?q=%C7%E1", "http://h/?q=%C7%E1"},    // windows-1256
                   {"http://h/?text=a%0D%0Ab%09", "http://h/?text=a%0D%0Ab%09"},
                   {"http://h/%00%0a?%1F%7f", "http://h/%00%0A?%1F%7F"},
                   {"http://h/%C2%80%c2%9f%C2%A0", "http://h/%C2%80%C2%9F%C2%A0"},
                   {"http://h/%E3%80%80", "http://h/%E3%80%80"}});
}

TEST(TrackedUrlTest, EncodesAPercentSignWithoutTwoHexDigits) {
  ExpectCanonical({{"http://h/%", "http://h/%25"},
                   {"http://h/%4", "http://h/%254"},
                   {"http://h/100%/x", "http://h/100%25/x"},
                   {"http://h/%GG", "http://h/%25GG"},
                   {"http://h/?%4G", "http://h/?%254G"},
                   {"http://h/?q=%u00fc", "http://h/?q=%25u00fc"},
                   {"http://h/%%41", "http://h/%25A"},
                   {"http://h/%%32%35", "http://h/%2525"},
                   {"http://h/%2%2e%2E/%", "http://h/%252../%25"},
                   {"http://h/%\u00FC", "http://h/%25%C3%BC"}});
}

// The second byte of a letter in Shift_JIS or Big5, which browsers send raw.
TEST(TrackedUrlTest, EncodesABackslashAfterTheFirstQuestionMark) {
  ExpectCanonical({{"http://h/?q=%83\\", "http://h/?q=%83%5C"},
                   {"http://h?\\", "http://h/?%5C"},
                   {"http://h/?a=\\?\\@", "http://h/?a=%5C?%5C@"}});
  EXPECT_EQ(*TrackedUrl::Parse("http://h/?\\"), *TrackedUrl::Parse("http://h/?%5c"));
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
                   {"http://_x.ab--cd.\u00FC:81/", "http://_x.ab--cd.xn--tda:81/"},
                   {"http://xn--a.\u00FC/", "http://xn--a.xn--tda/"}});
}

TEST(TrackedUrlTest, KeepsTheSharpSAndTheOtherDeviations) {
  ExpectCanonical({{"http://STRA\u1E9EE.example/", "http://xn--strae-oqa.example/"},
                   {"http://stra\u00DFe.example/", "http://xn--strae-oqa.example/"},
                   {"http://strasse.example/", "http://strasse.example/"},
                   {"http://\u03B2\u03CC\u03BB\u03BF\u03C2.com/", "http://xn--nxasmm1c.com/"},
                   {"http://\u0DC1\u0DCA\u200D\u0DBB\u0DD3.com/", "http://xn--10cl1a0b660p.com/"},
                   {"http://\u0646\u0627\u0645\u0647\u200C\u0627\u06CC.com/", "http://xn--mgba3gch31f060k.com/"}});
}

TEST(TrackedUrlTest, LowersAnAsciiHostAndJudgesNoALabel) {
  ExpectCanonical({{"https://xn--929h.ws/", "https://xn--929h.ws/"},  // an emoji of 2022
                   {"https://XN--A/", "https://xn--a/"},
                   {"https://xn--/", "https://xn--/"},
                   {"https://r3---sn-p5q.example/", "https://r3---sn-p5q.example/"},
                   {"https://-a-.ab--cd/", "https://-a-.ab--cd/"},
                   {"https://xn--ab---3ra/", "https://xn--ab---3ra/"}});
}

TEST(TrackedUrlTest, TakesInternationalLabelsWithHyphensAnywhere) {
  ExpectCanonical({{"http://ab--\u00FC/", "http://xn--ab---3ra/"},
                   {"http://-\u00FC/", "http://xn----eha/"},
                   {"http://\u00FC-/", "http://xn----dha/"}});
}

TEST(TrackedUrlTest, TakesWhateverBytesBrowsersAllowInAHost) {
  ExpectCanonical({{"http://a!$&'()*+,;=~_b/", "http://a!$&'()*+,;=~_b/"},
                   {"http://A%21%2a/", "http://a!*/"},
                   {"http://a\"b`{c}/", "http://a%22b%60%7Bc%7D/"},
                   {"http://a%22b/", "http://a%22b/"}});
}

TEST(TrackedUrlTest, TakesEmojiHostsAsBrowsersDo) {
  ExpectCanonical({{"https://i\u2764.ws/", "https://xn--i-7iq.ws/"},
                   {"https://XN--LS8H.la", "https://xn--ls8h.la/"},
                   {"https://\U0001FAC0.ws/", "https://xn--419h.ws/"},    // of 2020
                   {"https://\U0001FAE8.ws/", "https://xn--929h.ws/"}});  // of 2022
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
  ExpectRefused({"http://a..b/",      "http://.a/",         "http://a../",      "http://./",
                 "http://a%2Fb/",     "http://a%40b/",      "http://a<b/",      "http://a^b/",
                 "http://a|b",        "http://%FF/",        "http://a%20b/",    "http://%5B1%5D/",
                 "http://h%/",        "http://h%zz/",       "http://h%25/",     "http://h%00/",
                 "http://h%0A/",      "http://h%7F/",       "http://h%5C/",     "http://\u00AD/",
                 "http://\u2026/",    "http://\u00FC%2F",   "http://\u00FC%00", "http://\uFF05\uFF14\uFF11/",
                 "http://a\u2100/",   "http://xn--\u00FC/", "http://\u0301a/",  "http://a\u200Db/",
                 "http://a\u200Cb/",  "http://a\u200Eb/",   "http://a\uFFFDb/", "http://a\uE000b/",
                 "http://\u00FC..a/", "http://[v1.a]/"},
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
      {" http://h/", "http://h/ ", "http://h/a b", "http://h/\ta", "http://h/\n", "http://h/ #a", "http://h h/",
       "http://h/\u00A0", "http://h/\u2028", "http://h/?\u3000", "http://h/?\u2003", "http://h/\v\f\r"},
      "white space");
}

TEST(TrackedUrlTest, RefusesRawControlCharacters) {
  ExpectRefused({std::string("http://h/\0x", 11), "http://h/\x01", "http://h/\x7F", "http://h/\u0085",
                 "http://h/?\u009F", std::string("http://h/?\0", 11)},
                "control character");
}

TEST(TrackedUrlTest, RefusesABackslashBeforeTheQuery) {
  ExpectRefused({"http:\\\\h\\", "http://h/a\\b", "http://h\\?a", "http://good\\@evil/"}, "backslash");
}

TEST(TrackedUrlTest, RefusesRawBytesThatAreNotUtf8) {
  ExpectRefused({"http://h/\xFF", "http://h/\xC3", "http://h/\xC3(", "http://h/\xC0\xAF", "http://h/\xE0\x80\x80",
                 "http://h/\xED\xA0\x80", "http://h/\xF0\x80\x80\x80", "http://h/\xF4\x90\x80\x80", "http://h/\x80",
                 "http://h/?\xFE", "http://\xC3/"},
                "not valid UTF-8");
}

TEST(TrackedUrlTest, CountsItsLimitInBytesOfTheCanonicalForm) {
  const std::string start = "http://h/";
  const size_t room = TrackedUrl::kMaxBytes - start.size();
  const std::string longest = start + std::string(room, 'a');
  EXPECT_EQ(Canonical(longest), longest);
  EXPECT_EQ(Canonical(longest + '#' + longest), longest);
  ExpectRefused({longest + 'a', longest + "a#", longest + '?', longest + '|', longest + "/"},
                "longer than 8,192 bytes");

  const auto times = [](size_t count, std::string_view text) {
    std::string repeated;
    while (count-- > 0) repeated += text;
    return repeated;
  };
  EXPECT_EQ(Canonical(start + times(room, "%61")), longest);
  EXPECT_EQ(Canonical(start + times(100'000, "a/../") + std::string(room, 'a')), longest);
  EXPECT_EQ(Canonical("HTTP://h:" + std::string(10'000, '0') + "80/" + std::string(room, 'a')), longest);

  const std::string encoded = start + times(room / 3, "|");
  EXPECT_EQ(Canonical(encoded), start + times(room / 3, "%7C"));
  ExpectRefused({encoded + '|', encoded + std::string(room % 3 + 1, 'a'), start + std::string(1'000'000, '/')},
                "longer than 8,192 bytes");
}

TEST(TrackedUrlTest, RefusesAnEmptyText) { ExpectRefused({""}, "empty"); }

}  // namespace
}  // namespace page_count
