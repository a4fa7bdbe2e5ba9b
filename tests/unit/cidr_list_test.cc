#include "worker/visits/cidr_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace page_count {
namespace {

using ::testing::HasSubstr;

bool Contains(const std::string& list, const std::string& ip) { return CidrList::Parse(list)->Contains(ip); }

std::string Fault(const std::string& list) {
  const auto parsed = CidrList::Parse(list);
  return parsed ? "accepted" : parsed.error().message;
}

TEST(CidrListTest, IsEmptyOfAnEmptyText) {
  for (const char* text : {"", " ", "\t "}) {
    EXPECT_TRUE(CidrList::Parse(text)->empty());
    EXPECT_FALSE(Contains(text, "192.0.2.1"));
  }
}

TEST(CidrListTest, ContainsTheAddressesOfItsBlocks) {
  const std::string list = "192.0.2.0/24, 2001:db8::/32 ,198.51.100.7,\t2001:DB9::0:1";
  EXPECT_FALSE(CidrList::Parse(list)->empty());
  for (const char* ip : {"192.0.2.0", "192.0.2.255", "2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff",
                         "198.51.100.7", "2001:db9::1", "2001:db8::1%eth0"}) {
    EXPECT_TRUE(Contains(list, ip)) << ip;
  }
  for (const char* ip : {"192.0.1.255", "192.0.3.0", "2001:db7::", "2001:db9::", "2001:db9::2", "198.51.100.6",
                         "198.51.100.8", "::192.0.2.1", "", "unix:", "192.0.2.0/24", "hash-0123456789abcdef"}) {
    EXPECT_FALSE(Contains(list, ip)) << ip;
  }
}

TEST(CidrListTest, TakesPrefixesOfAnyLength) {
  EXPECT_TRUE(Contains("0.0.0.0/0", "255.255.255.255"));
  EXPECT_FALSE(Contains("0.0.0.0/0", "2001:db8::1"));
  EXPECT_TRUE(Contains("::/0", "2001:db8::1"));
  for (const char* block : {"::/0", "::/64", "::/80"}) EXPECT_FALSE(Contains(block, "192.0.2.1")) << block;
  EXPECT_TRUE(Contains("192.0.2.1/32", "192.0.2.1"));
  EXPECT_FALSE(Contains("192.0.2.1/32", "192.0.2.0"));
  EXPECT_TRUE(Contains("192.0.2.128/25", "192.0.2.200"));
  EXPECT_FALSE(Contains("192.0.2.128/25", "192.0.2.127"));
  EXPECT_TRUE(Contains("2001:db8::2/127", "2001:db8::3"));
  EXPECT_FALSE(Contains("2001:db8::2/127", "2001:db8::4"));
  EXPECT_TRUE(Contains("2001:db8::1/128", "2001:db8::1"));
}

TEST(CidrListTest, TakesAMappedAddressForTheIpv4One) {
  EXPECT_TRUE(Contains("192.0.2.0/24", "::ffff:192.0.2.1"));
  EXPECT_TRUE(Contains("::ffff:192.0.2.0/120", "192.0.2.1"));
  EXPECT_FALSE(Contains("::ffff:192.0.2.0/120", "192.0.3.1"));
  EXPECT_TRUE(Contains("::ffff:192.0.2.1", "192.0.2.1"));
  EXPECT_TRUE(Contains("::ffff:0:0/96", "192.0.2.1"));
}

TEST(CidrListTest, SaysWhatIsWrong) {
  for (const char* block : {"x", "192.0.2", "192.0.2.0-24", "192.0.2.256", "[::1]", "fe80::1%eth0", "/24"}) {
    EXPECT_EQ(Fault(std::string("192.0.2.1, ") + block),
              '"' + std::string(block) + "\" is no IP address or block; write it like 192.0.2.0/24 or 2001:db8::1");
  }
  for (const char* list : {",", "192.0.2.1,", "192.0.2.1,,192.0.2.2"})
    EXPECT_THAT(Fault(list), HasSubstr("\"\" is no"));
  for (const char* block :
       {"192.0.2.0/", "192.0.2.0/33", "192.0.2.0/-1", "192.0.2.0/+8", "192.0.2.0/24x", "192.0.2.0/255.255.255.0",
        "2001:db8::/129", "192.0.2.0/24/24", "192.0.2.0/ 24", "192.0.2.0/99999999999"}) {
    EXPECT_THAT(Fault(block), HasSubstr("has no prefix length")) << block;
  }
  for (const char* block : {"192.0.2.1/24", "2001:db8::1/32", "::ffff:192.0.2.1/24", "192.0.2.1/0"}) {
    EXPECT_THAT(Fault(block), HasSubstr("has bits set behind its prefix")) << block;
  }
}

}  // namespace
}  // namespace page_count
