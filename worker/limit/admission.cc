#include "worker/limit/admission.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace page_count {
namespace {

constexpr std::array<unsigned char, 12> kIpv4Mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

}  // namespace

std::string ClientKey(std::string_view ip, int ipv6_prefix_bits) {
  std::string text(ip);
  std::array<unsigned char, 16> address{};
  if (text.find(':') == text.npos || inet_pton(AF_INET6, text.c_str(), address.data()) != 1) return text;
  if (std::memcmp(address.data(), kIpv4Mapped.data(), kIpv4Mapped.size()) == 0) {
    std::array<char, INET_ADDRSTRLEN> ipv4{};
    inet_ntop(AF_INET, address.data() + kIpv4Mapped.size(), ipv4.data(), ipv4.size());
    return ipv4.data();
  }
  const auto bits = static_cast<size_t>(ipv6_prefix_bits);
  for (size_t i = 0; i < address.size(); ++i) {
    const size_t kept = bits > i * 8 ? std::min<size_t>(bits - i * 8, 8) : 0;
    address[i] = static_cast<unsigned char>(address[i] & (0xff00U >> kept));
  }
  return std::string(address.begin(), address.end());
}

RateLimiter::Decision Admission::Admit(std::string_view ip, const TrackedUrl& url, Source source) {
  const std::string client = ClientKey(ip, limits_.ipv6_prefix_bits);
  return limiter_.Admit({client, url.text()}, source == Source::kSingle ? limits_.single : limits_.bulk);
}

void Admission::Refund(std::string_view ip, const TrackedUrl& url) {
  const std::string client = ClientKey(ip, limits_.ipv6_prefix_bits);
  limiter_.Refund({client, url.text()});
}

}  // namespace page_count
