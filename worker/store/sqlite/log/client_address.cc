#include "worker/store/sqlite/log/client_address.h"

#include <algorithm>

#include "worker/visits/ip_bytes.h"
#include "worker/visits/pseudonym.h"

namespace page_count {
namespace {

constexpr char kText = 0;
constexpr char kIpv4 = 4;
constexpr char kIpv6 = 6;
constexpr char kHash = 8;
constexpr char kExpired = 9;
constexpr size_t kIpv4Bytes = sizeof(Ipv4Bytes);
constexpr size_t kIpv6Bytes = sizeof(Ipv6Bytes);
constexpr size_t kCountryBytes = 2;
constexpr size_t kPseudonymBytes = kCountryBytes + sizeof(Pseudonym::Number);

template <typename Bytes>
std::string Pack(char kind, const Bytes& bytes) {
  return std::string(1, kind).append(bytes.begin(), bytes.end());
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
  if (const auto ipv4 = ParseIpv4(ip)) return Pack(kIpv4, *ipv4);
  const auto address = ParseIp(ip);
  if (address && IpText(*address) == ip) return Pack(kIpv6, address->bytes);
  const std::string packed = PackPseudonym(ip);
  return packed.empty() ? std::string(1, kText).append(ip) : packed;
}

bool IsPackedPseudonym(std::string_view packed) {
  return packed.size() == 1 + kPseudonymBytes && (packed.front() == kHash || packed.front() == kExpired);
}

std::string UnpackAddress(std::string_view packed) {
  if (packed.empty()) return "";
  const std::string_view rest = packed.substr(1);
  if (IsPackedPseudonym(packed)) return SpellPseudonym(packed.front(), rest);
  IpBytes address;
  address.is_ipv4 = packed.front() == kIpv4;
  if (!(address.is_ipv4 && rest.size() == kIpv4Bytes) && !(packed.front() == kIpv6 && rest.size() == kIpv6Bytes)) {
    return std::string(rest);
  }
  std::copy(rest.rbegin(), rest.rend(), address.bytes.rbegin());  // IPv4 are the last ones
  return IpText(address);
}

}  // namespace page_count
