#include "worker/visits/pseudonym.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "worker/visits/ip_address.h"

namespace page_count {
namespace {

constexpr Pseudonym::Number kNumber = {0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef};

TEST(PseudonymTest, IsATextThatIsNoAddress) {
  for (const auto& [pseudonym, text] : std::vector<std::pair<Pseudonym, std::string>>{
           {{Pseudonym::Kind::kHash, "DE", kNumber}, "hash-DE-0123456789abcdef"},
           {{Pseudonym::Kind::kHash, "", kNumber}, "hash-0123456789abcdef"},
           {{Pseudonym::Kind::kExpired, "A1", kNumber}, "expired-A1-0123456789abcdef"},
           {{Pseudonym::Kind::kExpired, "", {}}, "expired-0000000000000000"}}) {
    EXPECT_EQ(pseudonym.Text(), text);
    EXPECT_EQ(CanonicalIpAddress(text), std::nullopt);
    const auto parsed = Pseudonym::Parse(text);
    ASSERT_TRUE(parsed) << text;
    EXPECT_EQ(parsed->kind, pseudonym.kind);
    EXPECT_EQ(parsed->country, pseudonym.country);
    EXPECT_EQ(parsed->number, pseudonym.number);
  }
}

TEST(PseudonymTest, LeavesOutACountryThatIsNone) {
  for (const char* country : {"de", "D", "DEU", "D-", "\xC3\x9C"}) {
    EXPECT_EQ((Pseudonym{.country = country, .number = kNumber}.Text()), "hash-0123456789abcdef") << country;
  }
}

TEST(PseudonymTest, IsNoOtherText) {
  for (const char* text :
       {"", "hash-", "expired-", "hash", "hash-0123456789abcde", "hash-0123456789abcdef0", "hash-0123456789ABCDEF",
        "hash-DE0123456789abcdef", "hash-de-0123456789abcdef", "hash-DE-", "hash-DE-DE-0123456789abcdef",
        "hash--0123456789abcdef", "hash-expired-0123456789abcdef", "Hash-0123456789abcdef", " hash-0123456789abcdef",
        "192.0.2.1", "unix:", "0123456789abcdef"}) {
    EXPECT_FALSE(Pseudonym::Parse(text)) << text;
  }
}

}  // namespace
}  // namespace page_count
