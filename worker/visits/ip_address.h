// An IP address in the one spelling under which its visits are kept and limited.
//
// IPv4 is dotted decimal, also if it comes mapped into IPv6 (::ffff:192.0.2.1), IPv6 as in RFC 5952. A zone
// (fe80::1%eth0) says which interface of the machine that wrote it was meant, and is left out. Pure function, any
// thread. Reads bytes from strangers.
#ifndef PAGE_COUNT_VISITS_IP_ADDRESS_H_
#define PAGE_COUNT_VISITS_IP_ADDRESS_H_

#include <optional>
#include <string>
#include <string_view>

namespace page_count {

// nullopt if the text is no address: a name, one with a port or in brackets, an empty one.
[[nodiscard]] std::optional<std::string> CanonicalIpAddress(std::string_view text);

}  // namespace page_count

#endif  // PAGE_COUNT_VISITS_IP_ADDRESS_H_
