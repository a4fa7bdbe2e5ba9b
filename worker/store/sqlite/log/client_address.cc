#include "worker/store/sqlite/log/client_address.h"

#include <arpa/inet.h>

#include <array>
#include <charconv>

namespace page_count {
namespace {

constexpr char kText = 0;
constexpr char kIpv4 = 4;
constexpr char kIpv6 = 6;
constexpr size_t kIpv4Bytes = 4;
constexpr size_t kIpv6Bytes = 16;

// Four numbers without leading zeros; empty for any other text. Most clients have one, and inet_pton takes longer.
std::string PackIpv4(std::string_view ip) {
  const char* at = ip.data();
  const char* const end = at + ip.size();
  std::string packed(1, kIpv4);
  for (size_t part = 0; part < kIpv4Bytes; ++part) {
    if (part > 0 && (at == end || *at++ != '.')) return "";
    uint8_t number = 0;
    const auto [after, error] = std::from_chars(at, end, number);
    if (error != std::errc() || (*at == '0' && after - at > 1)) return "";
    packed += static_cast<char>(number);
    at = after;
  }
  return at == end ? packed : "";
}

std::string SpellIpv4(std::string_view bytes) {
  std::string ip;
  for (const char byte : bytes) ip += std::to_string(static_cast<uint8_t>(byte)) + '.';
  ip.pop_back();
  return ip;
}

std::string SpellIpv6(const char* bytes) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  return inet_ntop(AF_INET6, bytes, text.data(), text.size()) == nullptr ? "" : text.data();
}

// Empty unless the text is an address, spelled as SpellIpv6 does.
std::string PackIpv6(const std::string& ip) {
  std::string packed(1 + kIpv6Bytes, kIpv6);
  if (inet_pton(AF_INET6, ip.c_str(), packed.data() + 1) != 1 || SpellIpv6(packed.data() + 1) != ip) return "";
  return packed;
}

}  // namespace

std::string PackAddress(std::string_view ip) {
  const bool is_ipv6 = ip.find(':') != std::string_view::npos;
  std::string packed = is_ipv6 ? PackIpv6(std::string(ip)) : PackIpv4(ip);
  return packed.empty() ? std::string(1, kText).append(ip) : packed;
}

std::string UnpackAddress(std::string_view packed) {
  if (packed.empty()) return "";
  const std::string_view rest = packed.substr(1);
  if (packed.front() == kIpv4 && rest.size() == kIpv4Bytes) return SpellIpv4(rest);
  if (packed.front() == kIpv6 && rest.size() == kIpv6Bytes) return SpellIpv6(rest.data());
  return std::string(rest);
}

}  // namespace page_count
