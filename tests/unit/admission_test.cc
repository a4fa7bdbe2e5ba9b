#include "worker/limit/admission.h"

#include <gtest/gtest.h>

#include "tests/unit/fake_rate_limiter.h"

namespace page_count {
namespace {

TrackedUrl UrlOf(const char* text) { return *TrackedUrl::Parse(text); }

TEST(ClientKeyTest, IsAnIpv4AddressItself) {
  EXPECT_EQ(ClientKey("192.0.2.1", 64), "192.0.2.1");
  EXPECT_NE(ClientKey("192.0.2.1", 64), ClientKey("192.0.2.2", 64));
}

TEST(ClientKeyTest, IsTheIpv4AddressThatAnIpv6AddressMaps) {
  for (const char* mapped : {"::ffff:192.0.2.1", "::FFFF:192.0.2.1", "::ffff:c000:201", "0:0:0:0:0:ffff:c000:0201"}) {
    EXPECT_EQ(ClientKey(mapped, 64), "192.0.2.1") << mapped;
  }
}

TEST(ClientKeyTest, IsThePrefixOfAnIpv6Address) {
  const std::string key = ClientKey("2001:db8:1:2::1", 64);
  EXPECT_EQ(key, ClientKey("2001:db8:1:2:ffff:ffff:ffff:ffff", 64));
  EXPECT_EQ(key, ClientKey("2001:0DB8:0001:0002::", 64));
  EXPECT_NE(key, ClientKey("2001:db8:1:3::1", 64));
  EXPECT_NE(key, ClientKey("2001:db8:1:2::1", 62));
}

TEST(ClientKeyTest, TakesPrefixesOfAnyLength) {
  EXPECT_EQ(ClientKey("2001:db8::1", 128), ClientKey("2001:db8:0::1", 128));
  EXPECT_NE(ClientKey("2001:db8::1", 128), ClientKey("2001:db8::2", 128));
  EXPECT_EQ(ClientKey("2001:db8::2", 127), ClientKey("2001:db8::3", 127));
  EXPECT_NE(ClientKey("2001:db8::1", 127), ClientKey("2001:db8::2", 127));
  EXPECT_EQ(ClientKey("2001:db8:ab00::", 40), ClientKey("2001:db8:abff::", 40));
  EXPECT_NE(ClientKey("2001:db8:ab00::", 40), ClientKey("2001:db8:ac00::", 40));
  EXPECT_EQ(ClientKey("2001:db8:a000::", 36), ClientKey("2001:db8:af00::", 36));
  EXPECT_NE(ClientKey("2001:db8:a000::", 36), ClientKey("2001:db8:b000::", 36));
  EXPECT_EQ(ClientKey("2001::", 1), ClientKey("7fff::", 1));
  EXPECT_NE(ClientKey("2001::", 1), ClientKey("8000::", 1));
}

TEST(ClientKeyTest, IsTheTextWhereItIsNoAddress) {
  for (const char* text : {"", "unix:", "localhost", ":", ":::", "2001:db8::1%eth0", "[::1]", "1.2.3.4.5", "::g"}) {
    EXPECT_EQ(ClientKey(text, 64), text);
  }
}

TEST(AdmissionTest, HoldsTheLimitOfTheWay) {
  FakeRateLimiter limiter;
  Admission admission(limiter, {.single = 10, .bulk = 20, .ipv6_prefix_bits = 64});
  const TrackedUrl url = UrlOf("https://h/");
  EXPECT_TRUE(admission.Admit("192.0.2.1", url, Admission::Source::kSingle).admitted);
  EXPECT_TRUE(admission.Admit("192.0.2.1", url, Admission::Source::kBulk).admitted);
  EXPECT_EQ(limiter.limits, (std::vector<uint32_t>{10, 20}));
}

TEST(AdmissionTest, CountsBothWaysInOneLog) {
  FakeRateLimiter limiter;
  limiter.retry_after = std::chrono::milliseconds(1'234);
  Admission admission(limiter, {.single = 1, .bulk = 2, .ipv6_prefix_bits = 64});
  const TrackedUrl url = UrlOf("https://h/");
  EXPECT_TRUE(admission.Admit("192.0.2.1", url, Admission::Source::kSingle).admitted);
  EXPECT_FALSE(admission.Admit("192.0.2.1", url, Admission::Source::kSingle).admitted);
  EXPECT_TRUE(admission.Admit("192.0.2.1", url, Admission::Source::kBulk).admitted);
  const auto decision = admission.Admit("192.0.2.1", url, Admission::Source::kBulk);
  EXPECT_FALSE(decision.admitted);
  EXPECT_EQ(decision.retry_after, std::chrono::milliseconds(1'234));
}

TEST(AdmissionTest, LimitsEachClientAndPageOnItsOwn) {
  FakeRateLimiter limiter;
  Admission admission(limiter, {.single = 1, .bulk = 1, .ipv6_prefix_bits = 48});
  const auto admits = [&](const char* ip, const char* url) {
    return admission.Admit(ip, UrlOf(url), Admission::Source::kSingle).admitted;
  };
  EXPECT_TRUE(admits("192.0.2.1", "https://h/"));
  EXPECT_FALSE(admits("::ffff:192.0.2.1", "HTTPS://H:443"));
  EXPECT_TRUE(admits("192.0.2.1", "https://h/a"));
  EXPECT_TRUE(admits("192.0.2.2", "https://h/"));
  EXPECT_TRUE(admits("2001:db8:1:2::", "https://h/"));
  EXPECT_FALSE(admits("2001:db8:1:3::", "https://h/"));
}

TEST(AdmissionTest, ForgetsAVisitUnderTheKeyThatItWasAdmittedUnder) {
  FakeRateLimiter limiter;
  Admission admission(limiter, {.single = 1, .bulk = 1, .ipv6_prefix_bits = 64});
  const TrackedUrl url = UrlOf("https://h/");
  ASSERT_TRUE(admission.Admit("2001:db8::1", url, Admission::Source::kSingle).admitted);
  admission.Refund("2001:db8::1", url);
  EXPECT_TRUE(admission.Admit("2001:db8::2", url, Admission::Source::kSingle).admitted);
}

}  // namespace
}  // namespace page_count
