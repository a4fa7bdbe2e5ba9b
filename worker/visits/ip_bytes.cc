#include "worker/visits/ip_bytes.h"

#include <arpa/inet.h>

#include <algorithm>
#include <cstdlib>

#include "worker/visits/ip_address.h"

namespace page_count {

std::optional<IpBytes> ParseIp(std::string_view text) {
  const auto canonical = CanonicalIpAddress(text);
  if (!canonical) return std::nullopt;
  IpBytes address;
  address.is_ipv4 = canonical->find(':') == canonical->npos;
  const std::string ipv6 = address.is_ipv4 ? "::ffff:" + *canonical : *canonical;
  if (inet_pton(AF_INET6, ipv6.c_str(), address.bytes.data()) != 1) return std::nullopt;
  return address;
}

IpBytes NetworkOf(const IpBytes& address, int bits) {
  IpBytes network = address;
  for (unsigned char& byte : network.bytes) {
    const auto kept = static_cast<unsigned>(std::clamp(bits, 0, 8));
    byte = static_cast<unsigned char>(byte & (0xff00U >> kept));
    bits -= 8;
  }
  return network;
}

std::string IpText(const IpBytes& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const size_t first = address.is_ipv4 ? IpBytes::kMappedBits / 8 : 0;
  const int family = address.is_ipv4 ? AF_INET : AF_INET6;
  if (inet_ntop(family, address.bytes.data() + first, text.data(), text.size()) == nullptr) std::abort();
  return text.data();
}

}  // namespace page_count
