#include "worker/visits/source.h"

#include <gtest/gtest.h>

#include "worker/attributes/source_traits.h"

namespace page_count {
namespace {

std::string TextOf(std::string_view referrer, std::string_view page = "https://example.com/") {
  return SourceText(referrer, *TrackedUrl::Parse(page));
}

std::string Described(std::string_view referrer, std::string_view page = "https://example.com/") {
  const SourceTraits traits = SourceTraitsOf(TextOf(referrer, page));
  return traits.site + " | " + traits.medium + " | " + traits.campaign;
}

TEST(Source, IsTheReferrerInCanonicalFormWithoutQueryAndFragment) {
  EXPECT_EQ(TextOf("HTTPS://News.Example:443/a/../b?q=1#top"), "https://news.example/b");
  EXPECT_EQ(TextOf("http://news.example"), "http://news.example/");
  EXPECT_EQ(TextOf("https://h.example/" + std::string(2'000, 'a')), "https://h.example/");
}

TEST(Source, IsNoneWhereTheReferrerIsTheSiteItselfOrNoAddress) {
  for (const char* referrer : {"", "https://example.com/other", "http://www.example.com/", "https://example.com:8443/",
                               "about:blank", "javascript:alert(1)", "not a url", "https://", "\xff\xfe",
                               "android-app://", "android-app://a b/", "https://user:secret@h.example/"}) {
    EXPECT_EQ(TextOf(referrer), "") << referrer;
  }
  EXPECT_EQ(TextOf("https://example.com/a", "https://www.example.com/b"), "");
  EXPECT_EQ(TextOf("https://shop.example.com/a"), "https://shop.example.com/a") << "another host";
}

TEST(Source, KeepsAnAppsName) {
  EXPECT_EQ(TextOf("android-app://com.google.android.gm/"), "android-app://com.google.android.gm");
}

TEST(Source, HasTheCampaignOfThePagesAddress) {
  EXPECT_EQ(TextOf("", "https://example.com/?utm_source=news+letter&utm_medium=email&UTM_CAMPAIGN=a%26b%3Dc"),
            " source=news%20letter&medium=email&campaign=a%26b%3Dc");
  EXPECT_EQ(TextOf("https://a.example/x", "https://example.com/?ref=friend&utm_term=t&utm_content=c"),
            "https://a.example/x source=friend&content=c&term=t");
  EXPECT_EQ(TextOf("", "https://example.com/?source=b"), " source=b");
  EXPECT_EQ(TextOf("", "https://example.com/?source=b&ref=a"), " source=a");
  EXPECT_EQ(TextOf("", "https://example.com/?source=b&utm_source=c"), " source=c");
  EXPECT_EQ(TextOf("", "https://example.com/?utm_source=&utm_medium=%20&q=1"), "");
  EXPECT_EQ(TextOf("", "https://example.com/?utm_source=" + std::string(300, 'x')), " source=" + std::string(100, 'x'));
}

TEST(Source, ComesApartAsItWasPutTogether) {
  const std::string page = "https://example.com/?utm_source=%25%26%3D+%2B&utm_medium=m&utm_campaign=%C3%A9";
  const Source source = ParseSource(TextOf("https://a.example/x", page));
  EXPECT_EQ(source.referrer, "https://a.example/x");
  EXPECT_EQ(source.campaign, CampaignOf(*TrackedUrl::Parse(page)));
  EXPECT_EQ(source.campaign.source, "%&= +");
  EXPECT_EQ(source.campaign.campaign, "\xC3\xA9");
}

TEST(Source, IsToldFromOtherTexts) {
  const std::string long_page = "https://example.com/?utm_source=" + std::string(300, 'x');
  for (const std::string& text :
       {TextOf(""), TextOf("https://a.example/x"), TextOf("android-app://com.example.app"), TextOf("", long_page),
        TextOf("https://a.example/" + std::string(2'000, 'a')),
        TextOf("https://a.example/", "https://example.com/?utm_source=%25%26%3D+%2B&utm_medium=m&utm_term=%C3%A9")}) {
    EXPECT_TRUE(IsSourceText(text)) << text;
  }
  for (const char* text :
       {"newsletter", "a.example", "HTTPS://a.example/", "https://a.example", "https://a.example/?q",
        "https://a.example/ ", " ", " x=y", " source=", "source=a", " medium=m&source=a", " source=a&source=b",
        " source=a b", " source=a+b", " source=a%0Ab", "android-app://a/b", "https://a.example/  source=a"}) {
    EXPECT_FALSE(IsSourceText(text)) << text;
  }
  EXPECT_FALSE(IsSourceText(" source=" + std::string(101, 'x')));
}

TEST(SourceTraits, KnowSitesWhateverTheirHosts) {
  EXPECT_EQ(Described(""), " | direct | ");
  EXPECT_EQ(Described("https://www.google.de/"), "Google | search | ");
  EXPECT_EQ(Described("https://google.co.uk/"), "Google | search | ");
  EXPECT_EQ(Described("android-app://com.google.android.googlequicksearchbox/"), "Google | search | ");
  EXPECT_EQ(Described("https://mail.google.com/"), "Gmail | mail | ");
  EXPECT_EQ(Described("android-app://com.google.android.gm/"), "Gmail | mail | ");
  EXPECT_EQ(Described("https://l.facebook.com/"), "Facebook | social | ");
  EXPECT_EQ(Described("https://t.co/abc"), "X | social | ");
  EXPECT_EQ(Described("https://old.reddit.com/r/a"), "Reddit | social | ");
  EXPECT_EQ(Described("https://duckduckgo.com/"), "DuckDuckGo | search | ");
  EXPECT_EQ(Described("https://www.news.example/a"), "news.example | link | ");
}

TEST(SourceTraits, TakeNoOtherHostForAKnownOne) {
  EXPECT_EQ(Described("https://notgoogle.com/"), "notgoogle.com | link | ");
  EXPECT_EQ(Described("https://google.example.com/", "https://h.example/"), "google.example.com | link | ");
  EXPECT_EQ(Described("https://t.co.example/"), "t.co.example | link | ");
  EXPECT_EQ(Described("https://box.com/"), "box.com | link | ") << "ends as x.com does";
}

TEST(SourceTraits, GoByTheCampaignFirst) {
  EXPECT_EQ(Described("", "https://example.com/?utm_source=google&utm_medium=cpc&utm_campaign=spring"),
            "Google | campaign | spring");
  EXPECT_EQ(Described("https://mail.google.com/", "https://example.com/?utm_source=letter&utm_medium=Email"),
            "letter | mail | ");
  EXPECT_EQ(Described("", "https://example.com/?utm_medium=social&utm_source=x"), "X | social | ");
  EXPECT_EQ(Described("https://a.example/", "https://example.com/?utm_campaign=c"), "a.example | campaign | c");
  EXPECT_EQ(Described("", "https://example.com/?ref=friend"), "friend | campaign | ");
}

}  // namespace
}  // namespace page_count
