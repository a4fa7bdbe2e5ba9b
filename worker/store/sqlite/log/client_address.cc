#include "worker/store/sqlite/log/client_address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "worker/visits/pseudonym.h"

namespace page_count {
namespace {

constexpr char kText = 0;
constexpr char kIpv4 = 4;
constexpr char kIpv6 = 6;
constexpr char kHash = 8;
constexpr char kExpired = 9;
constexpr size_t kIpv4Bytes = 4;
constexpr size_t kIpv6Bytes = 16;
constexpr size_t kCountryBytes = 2;
constexpr size_t kPseudonymBytes = kCountryBytes + sizeof(Pseudonym::Number);

// Four numbers without leading zeros; empty for any other text. Most clients have one, and inet_pton takes longer.
std::string PackIpv4(std::string_view ip) {
  const char* at = ip.data();
  const char* const end = at + ip.size();
  std::string packed(1, kIpv4);
  for (size_t part = 0; part < kIpv4Bytes; ++part) {
    if (part > 0 && (at == end || *at++ != '.')) return "";
    uint8_t number = 0;
    const auto [after, error] = std::from_chars(at, end, number);
    if (error != std::errc() || (*at == '0' && after - at > 1)) return "";
    packed += static_cast<char>(number);
    at = after;
  }
  return at == end ? packed : "";
}

std::string SpellIpv4(std::string_view bytes) {
  std::string ip;
  for (const char byte : bytes) ip += std::to_string(static_cast<uint8_t>(byte)) + '.';
  ip.pop_back();
  return ip;
}

std::string SpellIpv6(const char* bytes) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  return inet_ntop(AF_INET6, bytes, text.data(), text.size()) == nullptr ? "" : text.data();
}

// Empty unless the text is an address, spelled as SpellIpv6 does.
std::string PackIpv6(const std::string& ip) {
  std::string packed(1 + kIpv6Bytes, kIpv6);
  if (inet_pton(AF_INET6, ip.c_str(), packed.data() + 1) != 1 || SpellIpv6(packed.data() + 1) != ip) return "";
  return packed;
}

// Empty unless the text is a pseudonym.
std::string PackPseudonym(std::string_view text) {
  const auto pseudonym = Pseudonym::Parse(text);
  if (!pseudonym) return "";
  std::string packed(1, pseudonym->kind == Pseudonym::Kind::kHash ? kHash : kExpired);
  packed += pseudonym->country;
  packed.resize(1 + kCountryBytes);  // zeros if it is not known
  return packed.append(pseudonym->number.begin(), pseudonym->number.end());
}

std::string SpellPseudonym(char kind, std::string_view bytes) {
  Pseudonym pseudonym{.kind = kind == kHash ? Pseudonym::Kind::kHash : Pseudonym::Kind::kExpired,
                      .country = std::string(bytes.substr(0, kCountryBytes))};
  std::copy_n(bytes.begin() + kCountryBytes, pseudonym.number.size(), pseudonym.number.begin());
  return pseudonym.Text();
}

}  // namespace

std::string PackAddress(std::string_view ip) {
  const bool is_ipv6 = ip.find(':') != std::string_view::npos;
  std::string packed = is_ipv6 ? PackIpv6(std::string(ip)) : PackIpv4(ip);
  if (packed.empty()) packed = PackPseudonym(ip);
  return packed.empty() ? std::string(1, kText).append(ip) : packed;
}

bool IsPackedPseudonym(std::string_view packed) {
  return packed.size() == 1 + kPseudonymBytes && (packed.front() == kHash || packed.front() == kExpired);
}

std::string UnpackAddress(std::string_view packed) {
  if (packed.empty()) return "";
  const std::string_view rest = packed.substr(1);
  if (packed.front() == kIpv4 && rest.size() == kIpv4Bytes) return SpellIpv4(rest);
  if (packed.front() == kIpv6 && rest.size() == kIpv6Bytes) return SpellIpv6(rest.data());
  if (IsPackedPseudonym(packed)) return SpellPseudonym(packed.front(), rest);
  return std::string(rest);
}

}  // namespace page_count
