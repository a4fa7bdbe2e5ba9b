#include <arpa/inet.h>
#include <gtest/gtest.h>

#include <array>
#include <random>
#include <string>

#include "worker/visits/ip_bytes.h"

namespace page_count {
namespace {

std::string SpellBySystem(const Ipv6Bytes& bytes) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  return inet_ntop(AF_INET6, bytes.data(), text.data(), text.size());
}

TEST(IpSpellingTest, SpellsAnIpv6AddressAsTheSystemDoes) {
  std::mt19937 random(17);
  for (unsigned int zeros = 0; zeros < 256; ++zeros) {  // in every place
    for (int i = 0; i < 20; ++i) {
      Ipv6Bytes bytes{};
      for (size_t at = 0; at < bytes.size(); ++at) {
        if ((zeros >> at / 2 & 1) == 0) bytes[at] = static_cast<unsigned char>(random() % 3 == 0 ? 0 : random());
      }
      EXPECT_EQ(IpText({bytes, false}), SpellBySystem(bytes));
    }
  }
  const Ipv6Bytes mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, 1};
  EXPECT_EQ(IpText({mapped, false}), "::ffff:192.0.2.1");
}

TEST(IpSpellingTest, ReadsAnIpv4AddressAsTheSystemDoes) {
  std::mt19937 random(18);
  constexpr std::string_view kCharacters = "0012559.. ";
  int addresses = 0;
  for (int i = 0; i < 200'000; ++i) {
    std::string text;
    if (i % 2 == 0) {
      for (int part = 0; part < 4; ++part) text += (part > 0 ? "." : "") + std::to_string(random() % 270);
    }
    for (size_t left = random() % (i % 2 == 0 ? 2 : 12); left > 0; --left) {
      text.insert(random() % (text.size() + 1), 1, kCharacters[random() % kCharacters.size()]);
    }
    Ipv4Bytes bytes{};
    const bool is_address = inet_pton(AF_INET, text.c_str(), bytes.data()) == 1;
    const auto read = ParseIpv4(text);
    ASSERT_EQ(read.has_value(), is_address) << text;
    if (is_address) {
      ASSERT_EQ(*read, bytes) << text;
    }
    addresses += is_address ? 1 : 0;
  }
  EXPECT_GT(addresses, 20'000);
  for (const std::string_view text :
       {std::string_view(), std::string_view("1.2.3.4\0", 8), std::string_view("1.2.3")}) {
    EXPECT_FALSE(ParseIpv4(text));
  }
}

}  // namespace
}  // namespace page_count
