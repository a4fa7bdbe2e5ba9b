#include <string>

#include "tests/e2e/service_test.h"

namespace page_count::e2e {
namespace {

class Pixel : public ServiceTest {
 protected:
  int64_t Total(const std::string& url) { return GetJson("/stats/" + Encoded(url))["total_visits"].number(); }
  static inline const std::string kImage = "Accept: image/avif,image/webp,image/apng,*/*;q=0.8";
};

TEST_F(Pixel, RecordsThePageThatTheUrlNames) {
  ExpectPixel(Get("/pixel.gif?url=" + Encoded(Page())), 200);
  ExpectPixel(Get("/pixel.gif?url=" + Encoded(Page()), {"Referer: " + Page("other")}), 200);
  EXPECT_EQ(Total(Page()), 2);
  EXPECT_EQ(Total(Page("other")), 0);
}

TEST_F(Pixel, WithoutAUrlTheRefererIsThePage) {
  ExpectPixel(Get("/pixel.gif", {"Referer: " + Page("a?b#c"), "User-Agent: Browser/2"}), 200);
  const Json stats = GetJson("/stats/" + Encoded(Page("a?b")));
  EXPECT_EQ(stats["total_visits"].number(), 1);
  EXPECT_EQ(stats["recent_visits"][0]["ip"].str(), address());
  EXPECT_EQ(stats["recent_visits"][0]["user_agent"].str(), "Browser/2");
}

TEST_F(Pixel, WithoutAnyPageIs422AndStillThePixel) {
  ExpectPixel(Get("/pixel.gif"), 422);
  ExpectPixel(Get("/pixel.gif", {"Referer;"}), 422);
  ExpectPixel(Get("/pixel.gif?x=1"), 422);
}

TEST_F(Pixel, ABadPageIs400AndStillThePixel) {
  ExpectPixel(Get("/pixel.gif?url=bad"), 400);
  ExpectPixel(Get("/pixel.gif?url=bad", {"Referer: " + Page()}), 400);
  ExpectPixel(Get("/pixel.gif", {"Referer: about:blank"}), 400);
  EXPECT_EQ(Total(Page()), 0);
}

TEST_F(Pixel, ALimitedVisitIs429AndStillThePixel) {
  for (int i = 0; i < 10; ++i) ExpectPixel(Get("/pixel.gif?url=" + Encoded(Page())), 200);
  const auto refused = Get("/pixel.gif?url=" + Encoded(Page()));
  ExpectPixel(refused, 429);
  EXPECT_TRUE(refused.HasHeader("Retry-After"));
  const auto image = Get("/?url=" + Encoded(Page()), {kImage});
  ExpectPixel(image, 429);
  EXPECT_TRUE(image.HasHeader("Retry-After"));
  EXPECT_EQ(Total(Page()), 10);
}

TEST_F(Pixel, IsWhatAnImageGetsFromTheRoot) {
  ExpectPixel(Get("/?url=" + Encoded(Page()), {kImage}), 200);
  ExpectPixel(Get("/?url=" + Encoded(Page()), {"Accept: image/png"}), 200);
  ExpectPixel(Get("/?url=" + Encoded(Page()), {"Accept: image/*;q=0.5, text/html"}), 200);
  ExpectPixel(Get("/?url=" + Encoded(Page()), {"Accept: IMAGE/GIF"}), 200);
  EXPECT_EQ(Total(Page()), 4);
}

TEST_F(Pixel, AnImageFromTheRootWithoutAUrlIsItsReferer) {
  ExpectPixel(Get("/", {kImage, "Referer: " + Page()}), 200);
  EXPECT_EQ(Total(Page()), 1);
  ExpectPixel(Get("/", {kImage}), 422);
  ExpectPixel(Get("/?url=", {kImage}), 422);
  ExpectPixel(Get("/?url=bad", {kImage}), 400);
}

// Once the page is opened its image is not asked for again.
TEST_F(Pixel, ARequestThatIsMarkedAsPrerenderingIsAVisit) {
  const Headers marked = {"Sec-Purpose: prefetch;prerender", "Purpose: prefetch"};
  ExpectPixel(Get("/pixel.gif?url=" + Encoded(Page()), marked), 200);
  EXPECT_EQ(Get("/?url=" + Encoded(Page()), marked).status, 200);
  EXPECT_EQ(Visit(Page(), marked).status, 200);
  EXPECT_EQ(Total(Page()), 3);
}

TEST_F(Pixel, OnlyTheFirstMediaRangeMakesAnImage) {
  const auto response = Get("/?url=" + Encoded(Page()), {"Accept: */*, image/png"});
  EXPECT_EQ(Json::Parse(response.body)["status"].str(), "recorded");
  EXPECT_EQ(Json::Parse(Get("/?url=" + Encoded(Page()), {"Accept: text/html, image/png"}).body)["url"].str(), Page());
}

}  // namespace
}  // namespace page_count::e2e
