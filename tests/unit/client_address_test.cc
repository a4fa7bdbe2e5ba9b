#include "worker/store/sqlite/log/client_address.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace page_count {
namespace {

TEST(ClientAddress, TakesFourBytesOfAnIpv4AddressAndSixteenOfAnIpv6One) {
  EXPECT_EQ(PackAddress("203.0.113.255"), std::string("\4\xcb\0\x71\xff", 5));
  EXPECT_EQ(PackAddress("2001:db8::1"), std::string("\6\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1", 17));
  EXPECT_EQ(PackAddress("a text"), std::string("\0a text", 7));
}

TEST(ClientAddress, ComesBackAsItWasSpelled) {
  std::set<std::string> packed;
  const std::vector<std::string> ips = {"0.0.0.0",
                                        "255.255.255.255",
                                        "192.0.2.1",
                                        "192.0.2.01",
                                        "192.0.2",
                                        "192.0.2.1.",
                                        "192.0.2.256",
                                        "1.2.3.4 ",
                                        "::",
                                        "::1",
                                        "2001:db8::",
                                        "2001:DB8::",
                                        "2001:0db8::1",
                                        "fe80::1%eth",
                                        "::ffff:1.2.3.4",
                                        "::102:304",
                                        "",
                                        "unknown",
                                        ".",
                                        ":",
                                        "\4abcd",
                                        "abcd",
                                        "1.2.3.4.5",
                                        "+1.2.3.4",
                                        "1..2.3",
                                        "0x1.2.3.4",
                                        "1.2.3.-4"};
  for (const std::string& ip : ips) {
    EXPECT_EQ(UnpackAddress(PackAddress(ip)), ip);
    EXPECT_TRUE(packed.insert(PackAddress(ip)).second) << ip << " is packed like another one";
  }
}

}  // namespace
}  // namespace page_count
