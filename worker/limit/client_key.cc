#include "worker/limit/client_key.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

#include "worker/visits/ip_address.h"

namespace page_count {

std::string ClientKey(std::string_view ip, int ipv6_prefix_bits) {
  if (ip.find(':') == ip.npos) return std::string(ip);
  const auto canonical = CanonicalIpAddress(ip);
  if (!canonical) return std::string(ip);
  std::array<unsigned char, 16> address{};
  if (inet_pton(AF_INET6, canonical->c_str(), address.data()) != 1) return *canonical;  // a mapped IPv4 address
  const auto bits = static_cast<size_t>(ipv6_prefix_bits);
  for (size_t i = 0; i < address.size(); ++i) {
    const size_t kept = bits > i * 8 ? std::min<size_t>(bits - i * 8, 8) : 0;
    address[i] = static_cast<unsigned char>(address[i] & (0xff00U >> kept));
  }
  return std::string(address.begin(), address.end());
}

}  // namespace page_count
