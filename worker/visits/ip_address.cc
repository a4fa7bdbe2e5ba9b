#include "worker/visits/ip_address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

namespace page_count {
namespace {

constexpr std::array<unsigned char, 12> kIpv4Mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

// Whether it is one in the interfaces' names' characters, or a number.
bool IsZone(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

}  // namespace

std::optional<std::string> CanonicalIpAddress(std::string_view text) {
  const size_t zone = text.find('%');
  const bool is_ipv6 = text.find(':') != text.npos;
  if (zone != text.npos) {
    if (!is_ipv6 || !IsZone(text.substr(zone + 1))) return std::nullopt;
    text = text.substr(0, zone);
  }
  std::array<char, INET6_ADDRSTRLEN> address_text{};  // ends in a NUL
  if (text.size() >= address_text.size() || text.find('\0') != text.npos) return std::nullopt;
  std::copy(text.begin(), text.end(), address_text.begin());

  std::array<unsigned char, 16> address{};
  if (inet_pton(is_ipv6 ? AF_INET6 : AF_INET, address_text.data(), address.data()) != 1) return std::nullopt;
  if (!is_ipv6) return std::string(text);  // which has no second spelling
  if (std::equal(kIpv4Mapped.begin(), kIpv4Mapped.end(), address.begin())) {
    inet_ntop(AF_INET, address.data() + kIpv4Mapped.size(), address_text.data(), address_text.size());
  } else {
    inet_ntop(AF_INET6, address.data(), address_text.data(), address_text.size());
  }
  return address_text.data();
}

}  // namespace page_count
