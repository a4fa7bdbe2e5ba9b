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

TEST(ClientAddress, TakesTenBytesOfAPseudonym) {
  EXPECT_EQ(PackAddress("hash-DE-0001020304050607"), std::string("\x08"
                                                                 "DE\0\1\2\3\4\5\6\7",
                                                                 11));
  EXPECT_EQ(PackAddress("expired-0001020304050607"), std::string("\x09\0\0\0\1\2\3\4\5\6\7", 11));
  for (const char* pseudonym : {"hash-DE-0001020304050607", "hash-0001020304050607", "expired-DE-0001020304050607"}) {
    EXPECT_TRUE(IsPackedPseudonym(PackAddress(pseudonym)));
  }
  for (const char* text : {"192.0.2.1", "2001:db8::1", "unix:", "hash-12345",
                           "\x08"
                           "DE\1\2\3\4\5\6\7\1"}) {
    EXPECT_FALSE(IsPackedPseudonym(PackAddress(text))) << text;
  }
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
                                        "1.2.3.-4",
                                        "hash-DE-0123456789abcdef",
                                        "hash-DF-0123456789abcdef",
                                        "hash-0123456789abcdef",
                                        "expired-DE-0123456789abcdef",
                                        "expired-0123456789abcdef",
                                        "expired-0123456789abcdeg"};
  for (const std::string& ip : ips) {
    EXPECT_EQ(UnpackAddress(PackAddress(ip)), ip);
    EXPECT_TRUE(packed.insert(PackAddress(ip)).second) << ip << " is packed like another one";
  }
}

}  // namespace
}  // namespace page_count
