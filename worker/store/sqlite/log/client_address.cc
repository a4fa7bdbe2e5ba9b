#include "worker/store/sqlite/log/client_address.h"

#include <algorithm>

#include "worker/visits/ip_bytes.h"

namespace page_count {
namespace {

constexpr char kText = 0;
constexpr char kIpv4 = 4;
constexpr char kIpv6 = 6;
constexpr size_t kIpv4Bytes = sizeof(Ipv4Bytes);
constexpr size_t kIpv6Bytes = sizeof(Ipv6Bytes);

template <typename Bytes>
std::string Pack(char kind, const Bytes& bytes) {
  return std::string(1, kind).append(bytes.begin(), bytes.end());
}

}  // namespace

std::string PackAddress(std::string_view ip) {
  if (const auto ipv4 = ParseIpv4(ip)) return Pack(kIpv4, *ipv4);
  const auto address = ParseIp(ip);
  if (address && IpText(*address) == ip) return Pack(kIpv6, address->bytes);
  return std::string(1, kText).append(ip);
}

std::string UnpackAddress(std::string_view packed) {
  if (packed.empty()) return "";
  const std::string_view rest = packed.substr(1);
  IpBytes address;
  address.is_ipv4 = packed.front() == kIpv4;
  if (!(address.is_ipv4 && rest.size() == kIpv4Bytes) && !(packed.front() == kIpv6 && rest.size() == kIpv6Bytes)) {
    return std::string(rest);
  }
  std::copy(rest.rbegin(), rest.rend(), address.bytes.rbegin());  // IPv4 are the last ones
  return IpText(address);
}

}  // namespace page_count
