#include "worker/visits/kept_address.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "worker/visits/ip_address.h"

namespace page_count {
namespace {

using ::testing::MatchesRegex;

constexpr HashKey kKey = {1, 2, 3};
constexpr HashKey kOtherKey = {1, 2, 4};

std::string Cut(const std::string& ip) { return KeptAddress(AddressKeeping::kCut, ip, "agent", kKey); }
std::string Hashed(const std::string& ip, const std::string& agent, const HashKey& key = kKey) {
  return KeptAddress(AddressKeeping::kHashed, ip, agent, key);
}

TEST(KeptAddressTest, MayBeWhole) {
  for (const char* ip : {"192.0.2.1", "2001:db8::1", "unix:", ""}) {
    EXPECT_EQ(KeptAddress(AddressKeeping::kWhole, ip, "agent", kKey), ip);
  }
}

TEST(KeptAddressTest, MayBeItsNetwork) {
  EXPECT_EQ(Cut("192.0.2.255"), "192.0.2.0");
  EXPECT_EQ(Cut("192.0.2.0"), "192.0.2.0");
  EXPECT_EQ(Cut("::ffff:192.0.2.7"), "192.0.2.0");
  EXPECT_EQ(Cut("2001:db8:1:2:3:4:5:6"), "2001:db8:1::");
  EXPECT_EQ(Cut("2001:db8:ffff:ffff::"), "2001:db8:ffff::");
  EXPECT_EQ(Cut("::1"), "::");
  for (const char* text : {"", "unix:", "192.0.2", "a visitor"}) EXPECT_EQ(Cut(text), text);
}

TEST(KeptAddressTest, MayBeAHashThatIsNoAddress) {
  for (const char* ip : {"192.0.2.1", "2001:db8::1", "unix:", ""}) {
    const std::string hashed = Hashed(ip, "agent");
    EXPECT_THAT(hashed, MatchesRegex("hash-[0-9a-f]{16}"));
    EXPECT_EQ(CanonicalIpAddress(hashed), std::nullopt);
    EXPECT_EQ(Hashed(ip, "agent"), hashed);
    EXPECT_EQ(Cut(hashed), hashed);
  }
}

TEST(KeptAddressTest, SaysTheCountryBesideTheHash) {
  const std::string hashed = KeptAddress(AddressKeeping::kHashed, "192.0.2.1", "agent", kKey, "DE");
  EXPECT_EQ(hashed, "hash-DE-" + Hashed("192.0.2.1", "agent").substr(5));
  EXPECT_EQ(KeptAddress(AddressKeeping::kCut, "192.0.2.1", "agent", kKey, "DE"), "192.0.2.0");
}

TEST(KeptAddressTest, IsAnotherHashOfAnotherVisitorOrDay) {
  const std::string hashed = Hashed("192.0.2.1", "agent");
  for (const std::string& other :
       {Hashed("192.0.2.2", "agent"), Hashed("192.0.2.1", "other"), Hashed("192.0.2.1", "agent", kOtherKey),
        Hashed("192.0.2.1a", "gent"), Hashed("192.0.2.", "1agent"), Hashed("", "192.0.2.1agent")}) {
    EXPECT_NE(other, hashed);
  }
}

}  // namespace
}  // namespace page_count
