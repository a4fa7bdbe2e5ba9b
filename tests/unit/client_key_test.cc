#include "worker/limit/client_key.h"

#include <gtest/gtest.h>

#include <string>

namespace page_count {
namespace {

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

TEST(ClientKeyTest, IsTheTextIfItIsNoAddress) {
  for (const char* text : {"", "unix:", "localhost", ":", ":::", "2001:db8::1%", "[::1]", "1.2.3.4.5", "::g"}) {
    EXPECT_EQ(ClientKey(text, 64), text);
  }
}

TEST(ClientKeyTest, LeavesOutAZone) { EXPECT_EQ(ClientKey("fe80::1%eth0", 128), ClientKey("fe80::1", 128)); }

}  // namespace
}  // namespace page_count
