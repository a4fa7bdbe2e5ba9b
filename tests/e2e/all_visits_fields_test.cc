#include <string>
#include <vector>

#include "tests/e2e/service_test.h"

namespace page_count::e2e {
namespace {

constexpr const char* kFirefox = "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";
constexpr const char* kBot = "User-Agent: Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";

class AllVisitsFields : public ServiceTest {
 protected:
  void SetUp() override {
    ServiceTest::SetUp();
    const std::string body =
        R"({"url":")" + Page() + R"(?utm_campaign=spring","referrer":"https://news.example/a?q=1","title":"A page"})";
    ASSERT_EQ(Post("/visit", body, {kFirefox}).status, 200);
    ASSERT_EQ(Visit(Page(), {kBot}).status, 200);
  }
};

TEST_F(AllVisitsFields, AreThoseThatAreNamed) {
  const Json visits = GetJson(
      "/all-visits?limit=2&fields=referrer,title,browser,system,bot,country,url,ip_address,user_agent")["visits"];
  EXPECT_EQ(
      visits[0].text(),
      R"({"referrer":"","title":"A page","browser":"Googlebot","system":"","bot":"crawler-user-agents: Googlebot",)"
      R"("country":"","url":")" +
          Page() + R"(","ip":")" + address() + R"(","user_agent":")" + std::string(kBot).substr(12) + R"("})");
  EXPECT_EQ(visits[1].keys(), (std::vector<std::string>{"referrer", "title", "browser", "system", "bot", "country",
                                                        "url", "ip", "user_agent"}));
  EXPECT_EQ(visits[1]["referrer"].str(), "https://news.example/a campaign=spring");
  EXPECT_EQ(visits[1]["browser"].str(), "Firefox");
  EXPECT_EQ(visits[1]["system"].str(), "Linux");
  EXPECT_EQ(visits[1]["bot"].str(), "");
}

TEST_F(AllVisitsFields, AreThereInEveryFormat) {
  EXPECT_EQ(Get("/all-visits?format=jsonl&limit=1&fields=bot,url").body,
            R"({"bot":"crawler-user-agents: Googlebot","url":")" + Page() + "\"}\n");
  EXPECT_EQ(Get("/all-visits?format=csv&limit=2&fields=browser,bot").body,
            "browser,bot\r\nGooglebot,crawler-user-agents: Googlebot\r\nFirefox,\r\n");
}

TEST_F(AllVisitsFields, AreTheReferencesByThemselves) {
  EXPECT_EQ(Get("/all-visits?limit=2").body, Get("/all-visits?limit=2&fields=url,ip,user_agent,timestamp").body);
  EXPECT_EQ(Get("/all-visits?limit=1&format=csv").body.substr(0, 28), "url,ip,user_agent,timestamp\r");
}

TEST_F(AllVisitsFields, SayWhichNamesAreGood) {
  for (const char* bad : {"", "visits", "url,", "url,url", "ip,ip_address", "URL"}) {
    const auto response = Get(std::string("/all-visits?fields=") + bad);
    ExpectInvalid(response, R"(["query","fields"])");
    if (*bad != '\0') {
      EXPECT_NE(response.body.find("'referrer', 'title', 'country'"), std::string::npos) << response.body;
    }
  }
}

}  // namespace
}  // namespace page_count::e2e
