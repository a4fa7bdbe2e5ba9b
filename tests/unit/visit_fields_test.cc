#include "worker/endpoints/visit_fields.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace page_count {
namespace {

using Lines = std::vector<std::string>;

LoggedVisit SomeVisit() {
  return {.url = "http://h/",
          .ip = "192.0.2.1",
          .user_agent = "Lynx",
          .at = UtcTime(std::chrono::milliseconds(1'999)),
          .source = "https://news.example/ campaign=spring",
          .id = 1'845'108'080'808'000'001,
          .attributes = {"first", "second"}};
}

// "name=text" of each field.
Lines Fields(const VisitFields& fields) {
  Lines lines;
  fields.ForEach(SomeVisit(), [&lines](std::string_view name, std::string_view text) {
    lines.push_back(std::string(name) + '=' + std::string(text));
  });
  return lines;
}

TEST(VisitFields, AreTheReferencesUnlessOthersAreNamed) {
  EXPECT_EQ(Fields({}), (Lines{"url=http://h/", "ip=192.0.2.1", "user_agent=Lynx", "timestamp=1970-01-01 00:00:01"}));
  EXPECT_TRUE(VisitFields().attributes().empty());
}

TEST(VisitFields, ComeInTheOrderInWhichTheyAreNamed) {
  const auto fields = VisitFields::Parse("id,referrer,country,ip_address,bot");
  ASSERT_TRUE(fields);
  EXPECT_EQ(Fields(*fields), (Lines{"id=1845108080808000001", "referrer=https://news.example/ campaign=spring",
                                    "country=first", "ip=192.0.2.1", "bot=second"}));
  EXPECT_EQ(fields->attributes(), (std::vector<Dimension>{Dimension::kCountry, Dimension::kBot}));
}

TEST(VisitFields, AreRefusedWithWhatWouldDo) {
  for (const char* names : {"", ",", "url,", "url,,ip", "URL", "url, ip", "visits", "url,url", "ip,ip_address"}) {
    const auto fields = VisitFields::Parse(names);
    ASSERT_FALSE(fields) << names;
    EXPECT_EQ(
        fields.error(),
        "Input should be names with commas between them, each once: 'url', 'ip', 'user_agent', 'timestamp', 'id', "
        "'referrer', 'title', 'country', 'browser', 'system' or 'bot'");
  }
}

}  // namespace
}  // namespace page_count
