#include "worker/visits/kept_address.h"

#include "worker/visits/ip_bytes.h"

namespace page_count {
namespace {

constexpr int kIpv4BitsKept = 24;
constexpr int kIpv6BitsKept = 48;
constexpr size_t kHashBytesKept = 8;

std::string CutAddress(std::string_view ip) {
  const auto address = ParseIp(ip);
  if (!address) return std::string(ip);
  return IpText(NetworkOf(*address, address->is_ipv4 ? IpBytes::kMappedBits + kIpv4BitsKept : kIpv6BitsKept));
}

// "hash-0123456789abcdef". The address's length comes first, so that no part of it passes for one of the user agent.
std::string HashedAddress(std::string_view ip, std::string_view user_agent, const HashKey& day_key) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  const std::string visitor = std::to_string(ip.size()).append(1, ' ').append(ip).append(user_agent);
  const KeyedHash hash = KeyedHashOf(day_key, visitor);
  std::string text = "hash-";
  for (size_t i = 0; i < kHashBytesKept; ++i) {
    text += kDigits[hash[i] >> 4U];
    text += kDigits[hash[i] & 0xfU];
  }
  return text;
}

}  // namespace

std::string KeptAddress(AddressKeeping keeping, std::string_view ip, std::string_view user_agent,
                        const HashKey& day_key) {
  switch (keeping) {
    case AddressKeeping::kWhole:
      break;
    case AddressKeeping::kCut:
      return CutAddress(ip);
    case AddressKeeping::kHashed:
      return HashedAddress(ip, user_agent, day_key);
  }
  return std::string(ip);
}

}  // namespace page_count
