#include "worker/visits/ip_bytes.h"

#include <gtest/gtest.h>

namespace page_count {
namespace {

TEST(IpBytesTest, AreSpelledAsTheyWereRead) {
  for (const char* ip : {"192.0.2.1", "0.0.0.0", "255.255.255.255", "::", "::1", "2001:db8::7", "::192.0.2.1"}) {
    EXPECT_EQ(IpText(*ParseIp(ip)), ip);
  }
  EXPECT_EQ(IpText(*ParseIp("::ffff:192.0.2.1")), "192.0.2.1");
  EXPECT_EQ(ParseIp("::ffff:192.0.2.1"), ParseIp("192.0.2.1"));
  for (const char* text : {"", "unix:", "192.0.2", "[::1]"}) EXPECT_EQ(ParseIp(text), std::nullopt);
}

TEST(IpBytesTest, LieInNetworks) {
  const auto network = [](const char* ip, int bits) { return IpText(NetworkOf(*ParseIp(ip), bits)); };
  constexpr const char* kAll = "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff";
  EXPECT_EQ(network(kAll, 128), kAll);
  EXPECT_EQ(network(kAll, 127), "ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe");
  EXPECT_EQ(network(kAll, 65), "ffff:ffff:ffff:ffff:8000::");
  EXPECT_EQ(network(kAll, 7), "fe00::");
  EXPECT_EQ(network(kAll, 0), "::");
  EXPECT_EQ(network("255.255.255.255", IpBytes::kMappedBits + 20), "255.255.240.0");
}

}  // namespace
}  // namespace page_count
