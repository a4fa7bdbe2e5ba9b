#include "worker/visits/kept_address.h"

#include <algorithm>

#include "worker/visits/ip_bytes.h"
#include "worker/visits/pseudonym.h"

namespace page_count {
namespace {

constexpr int kIpv4BitsKept = 24;
constexpr int kIpv6BitsKept = 48;

std::string CutAddress(std::string_view ip) {
  const auto address = ParseIp(ip);
  if (!address) return std::string(ip);
  return IpText(NetworkOf(*address, address->is_ipv4 ? IpBytes::kMappedBits + kIpv4BitsKept : kIpv6BitsKept));
}

// The address's length comes first, so that no part of it passes for one of the user agent.
std::string HashedAddress(std::string_view ip, std::string_view user_agent, const HashKey& day_key,
                          std::string_view country) {
  const std::string visitor = std::to_string(ip.size()).append(1, ' ').append(ip).append(user_agent);
  const KeyedHash hash = KeyedHashOf(day_key, visitor);
  Pseudonym pseudonym{.country = std::string(country)};
  std::copy_n(hash.begin(), pseudonym.number.size(), pseudonym.number.begin());
  return pseudonym.Text();
}

}  // namespace

std::string KeptAddress(AddressKeeping keeping, std::string_view ip, std::string_view user_agent,
                        const HashKey& day_key, std::string_view country) {
  switch (keeping) {
    case AddressKeeping::kWhole:
      break;
    case AddressKeeping::kCut:
      return CutAddress(ip);
    case AddressKeeping::kHashed:
      return HashedAddress(ip, user_agent, day_key, country);
  }
  return std::string(ip);
}

}  // namespace page_count
