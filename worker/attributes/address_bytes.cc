#include "worker/attributes/address_bytes.h"

#include <arpa/inet.h>

#include "worker/visits/ip_address.h"

namespace page_count {

std::variant<std::monostate, Ipv4Bytes, Ipv6Bytes> AddressBytes(std::string_view address) {
  const auto canonical = CanonicalIpAddress(address);
  if (!canonical) return {};
  Ipv4Bytes ipv4{};
  Ipv6Bytes ipv6{};
  if (canonical->find(':') == canonical->npos) {
    if (inet_pton(AF_INET, canonical->c_str(), ipv4.data()) == 1) return ipv4;
  } else if (inet_pton(AF_INET6, canonical->c_str(), ipv6.data()) == 1) {
    return ipv6;
  }
  return {};
}

}  // namespace page_count
