#include "worker/store/sqlite/log/client_id.h"

#include <gtest/gtest.h>

#include <string>

namespace page_count {
namespace {

TEST(ClientIdTest, AnIpv4AddressIsItsNumberPlusOne) {
  EXPECT_EQ(Ipv4ClientOf("0.0.0.0"), 1);
  EXPECT_EQ(Ipv4ClientOf("0.0.1.2"), 259);
  EXPECT_EQ(Ipv4ClientOf("192.0.2.1"), 0xc0000201 + int64_t{1});
  EXPECT_EQ(Ipv4ClientOf("255.255.255.255"), kLastIpv4Client);
}

TEST(ClientIdTest, AnAddressIsPrintedAsItWasRead) {
  for (const std::string ip : {"0.0.0.0", "1.2.3.4", "10.0.200.99", "192.0.2.1", "255.255.255.255"}) {
    EXPECT_EQ(IpOfIpv4Client(*Ipv4ClientOf(ip)), ip);
  }
}

TEST(ClientIdTest, NoOtherTextIsAnIpv4Address) {
  for (const char* text :
       {"",         "unknown",   "1.2.3",    "1.2.3.",      "1.2.3.4.",         "1.2.3.4.5", ".1.2.3",
        "1..2.3",   "1.2.3.256", "01.2.3.4", "1.2.3.04",    "00.0.0.0",         "1.2.3.-4",  "+1.2.3.4",
        " 1.2.3.4", "1.2.3.4 ",  "1.2.3.x",  "2001:db8::1", "::ffff:192.0.2.1", "1.2.3.1000"}) {
    EXPECT_EQ(Ipv4ClientOf(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace page_count
