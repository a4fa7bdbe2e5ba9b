#include "worker/visits/ip_address.h"

#include <gtest/gtest.h>

#include <string>

namespace page_count {
namespace {

using namespace std::string_literals;

TEST(IpAddressTest, KeepsIpv4AsItIs) {
  for (const char* text : {"192.0.2.1", "0.0.0.0", "255.255.255.255"}) EXPECT_EQ(CanonicalIpAddress(text), text);
}

TEST(IpAddressTest, WritesIpv6InOneSpelling) {
  for (const char* text :
       {"2001:db8::7", "2001:DB8:0::7", "2001:0db8:0000:0000:0000:0000:0000:0007", "2001:db8::0:7"}) {
    EXPECT_EQ(CanonicalIpAddress(text), "2001:db8::7") << text;
  }
  EXPECT_EQ(CanonicalIpAddress("0:0:0:0:0:0:0:1"), "::1");
  EXPECT_EQ(CanonicalIpAddress("::"), "::");
  EXPECT_EQ(CanonicalIpAddress("2001:db8:0:1:1:1:1:1"), "2001:db8:0:1:1:1:1:1") << "one zero is not shortened";
  EXPECT_EQ(CanonicalIpAddress("1:0:0:2:0:0:0:3"), "1:0:0:2::3") << "the longest run is";
}

TEST(IpAddressTest, TakesIpv4OutOfIpv6) {
  for (const char* text :
       {"::ffff:203.0.113.7", "::FFFF:203.0.113.7", "::ffff:cb00:7107", "0:0:0:0:0:ffff:cb00:7107"}) {
    EXPECT_EQ(CanonicalIpAddress(text), "203.0.113.7") << text;
  }
  EXPECT_EQ(CanonicalIpAddress("::ffff:0:203.0.113.7"), "::ffff:0:cb00:7107") << "another prefix";
}

TEST(IpAddressTest, LeavesTheZoneOut) {
  EXPECT_EQ(CanonicalIpAddress("fe80::1%eth0"), "fe80::1");
  EXPECT_EQ(CanonicalIpAddress("FE80::1%2"), "fe80::1");
  EXPECT_EQ(CanonicalIpAddress("::ffff:192.0.2.1%lo"), "192.0.2.1");
}

TEST(IpAddressTest, RefusesWhatIsNoAddress) {
  for (const std::string& text : {""s,
                                  " "s,
                                  "unknown"s,
                                  "localhost"s,
                                  "unix:"s,
                                  "192.0.2"s,
                                  "192.0.2.256"s,
                                  "192.0.2.01"s,
                                  "192.0.2.1 "s,
                                  " 192.0.2.1"s,
                                  "192.0.2.1:80"s,
                                  "192.0.2.1%eth0"s,
                                  "[2001:db8::7]"s,
                                  "2001:db8::7/64"s,
                                  "2001:db8::7::"s,
                                  "::g"s,
                                  ":::"s,
                                  ":"s,
                                  "fe80::1%"s,
                                  "fe80::1%a b"s,
                                  "3232235777"s,
                                  "0x7f.1"s,
                                  "::1\0"s,
                                  "192.0.2.1\0"s,
                                  std::string(1000, ':')}) {
    EXPECT_EQ(CanonicalIpAddress(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace page_count
