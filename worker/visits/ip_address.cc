#include "worker/visits/ip_address.h"

#include "worker/visits/ip_bytes.h"

namespace page_count {

std::optional<std::string> CanonicalIpAddress(std::string_view text) {
  if (ParseIpv4(text)) return std::string(text);  // which has no second spelling
  const auto address = ParseIp(text);
  return address ? std::optional(IpText(*address)) : std::nullopt;
}

}  // namespace page_count
