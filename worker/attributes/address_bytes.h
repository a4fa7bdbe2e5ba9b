// An IP address as the bytes that networks order it by.
//
// IPv4 mapped into IPv6 (::ffff:192.0.2.1) is IPv4, a zone is left out: the spelling is CanonicalIpAddress's business.
// Pure function, any thread.
#ifndef PAGE_COUNT_ATTRIBUTES_ADDRESS_BYTES_H_
#define PAGE_COUNT_ATTRIBUTES_ADDRESS_BYTES_H_

#include <array>
#include <string_view>
#include <variant>

namespace page_count {

using Ipv4Bytes = std::array<unsigned char, 4>;
using Ipv6Bytes = std::array<unsigned char, 16>;

// monostate if the text is no address.
std::variant<std::monostate, Ipv4Bytes, Ipv6Bytes> AddressBytes(std::string_view address);

}  // namespace page_count

#endif  // PAGE_COUNT_ATTRIBUTES_ADDRESS_BYTES_H_
