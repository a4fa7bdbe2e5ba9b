#include "worker/limit/client_key.h"

#include "worker/visits/ip_bytes.h"

namespace page_count {

std::string ClientKey(std::string_view ip, int ipv6_prefix_bits) {
  if (ip.find(':') == ip.npos) return std::string(ip);
  const auto address = ParseIp(ip);
  if (!address) return std::string(ip);
  if (address->is_ipv4) return IpText(*address);  // it was mapped
  const IpBytes network = NetworkOf(*address, ipv6_prefix_bits);
  return std::string(network.bytes.begin(), network.bytes.end());
}

}  // namespace page_count
