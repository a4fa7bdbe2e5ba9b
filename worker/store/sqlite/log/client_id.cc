#include "worker/store/sqlite/log/client_id.h"

#include <charconv>

namespace page_count {

std::optional<int64_t> Ipv4ClientOf(std::string_view ip) {
  const char* at = ip.data();
  const char* const end = at + ip.size();
  int64_t address = 0;
  for (int part = 0; part < 4; ++part) {
    if (part > 0 && (at == end || *at++ != '.')) return std::nullopt;
    uint8_t number = 0;
    const auto [after, error] = std::from_chars(at, end, number);
    if (error != std::errc() || (*at == '0' && after - at > 1)) return std::nullopt;
    address = address << 8 | number;
    at = after;
  }
  if (at != end) return std::nullopt;
  return address + 1;
}

std::string IpOfIpv4Client(int64_t client) {
  const int64_t address = client - 1;
  std::string ip;
  for (int shift = 24; shift >= 0; shift -= 8) {
    ip += std::to_string(address >> shift & 0xff);
    if (shift > 0) ip += '.';
  }
  return ip;
}

}  // namespace page_count
