#include "worker/store/sqlite/log/client_address.h"

#include <arpa/inet.h>

#include <array>

namespace page_count {
namespace {

constexpr char kText = 0;
constexpr char kIpv4 = 4;
constexpr char kIpv6 = 6;
constexpr size_t kIpv4Bytes = 4;
constexpr size_t kIpv6Bytes = 16;

std::string Spell(int family, const char* bytes) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  return inet_ntop(family, bytes, text.data(), text.size()) == nullptr ? "" : text.data();
}

// Empty unless the text is an address of that family, spelled as Spell does.
std::string PackAs(int family, char kind, size_t bytes, const std::string& ip) {
  std::string packed(1 + bytes, kind);
  if (inet_pton(family, ip.c_str(), packed.data() + 1) != 1 || Spell(family, packed.data() + 1) != ip) return "";
  return packed;
}

}  // namespace

std::string PackAddress(std::string_view ip) {
  const std::string text(ip);
  const bool is_ipv6 = ip.find(':') != std::string_view::npos;
  std::string packed = is_ipv6 ? PackAs(AF_INET6, kIpv6, kIpv6Bytes, text) : PackAs(AF_INET, kIpv4, kIpv4Bytes, text);
  return packed.empty() ? std::string(1, kText) + text : packed;
}

std::string UnpackAddress(std::string_view packed) {
  if (packed.empty()) return "";
  const std::string_view rest = packed.substr(1);
  if (packed.front() == kIpv4 && rest.size() == kIpv4Bytes) return Spell(AF_INET, rest.data());
  if (packed.front() == kIpv6 && rest.size() == kIpv6Bytes) return Spell(AF_INET6, rest.data());
  return std::string(rest);
}

}  // namespace page_count
