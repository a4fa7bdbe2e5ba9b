// An IP address as bytes in network order, and the network that it lies in.
//
// An IPv4 address that is mapped into IPv6 is the IPv4 one; a zone (fe80::1%eth0), which says which interface of the
// machine that wrote it was meant, is left out. Texts are read and spelled without the C library wherever that takes
// longer: an import has a million a second. Pure functions, any thread. Reads bytes from strangers.
#ifndef PAGE_COUNT_VISITS_IP_BYTES_H_
#define PAGE_COUNT_VISITS_IP_BYTES_H_

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace page_count {

using Ipv4Bytes = std::array<unsigned char, 4>;
using Ipv6Bytes = std::array<unsigned char, 16>;

struct IpBytes {
  static constexpr int kIpv4Bits = 32;
  static constexpr int kIpv6Bits = 128;
  static constexpr int kMappedBits = kIpv6Bits - kIpv4Bits;  // those before an IPv4 address

  Ipv6Bytes bytes{};  // of an IPv4 one as it is mapped into IPv6
  bool is_ipv4 = false;

  // Of an IPv4 one.
  Ipv4Bytes AsIpv4() const { return {bytes[12], bytes[13], bytes[14], bytes[15]}; }

  bool operator==(const IpBytes&) const = default;
};

// Four numbers without leading zeros; nullopt for any other text.
[[nodiscard]] std::optional<Ipv4Bytes> ParseIpv4(std::string_view text);

// nullopt if the text is no address.
[[nodiscard]] std::optional<IpBytes> ParseIp(std::string_view text);

// The address with all but the first `bits` of its 128 cleared.
[[nodiscard]] IpBytes NetworkOf(const IpBytes& address, int bits);

// Dotted decimal, or RFC 5952.
[[nodiscard]] std::string IpText(const IpBytes& address);

}  // namespace page_count

#endif  // PAGE_COUNT_VISITS_IP_BYTES_H_
