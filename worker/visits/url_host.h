// A URL's host in the one spelling under which its visits are counted: lower case, A-labels, IPv6 as in RFC 5952.
//
// Says nothing of whether the host exists: single labels and unknown top-level domains are hosts too. An ASCII name is
// lower-cased and no more: what a browser made of a host is not judged again. Pure functions, any thread. Reads bytes
// from strangers.
#ifndef PAGE_COUNT_VISITS_URL_HOST_H_
#define PAGE_COUNT_VISITS_URL_HOST_H_

#include <optional>
#include <string>
#include <string_view>

namespace page_count {

// Of RFC 3986's reg-name or IPv4address, percent-encoding included. nullopt if it is no host name: 1 to 253 bytes in
// labels of 1 to 63, with or without a dot at the end, each byte one that browsers allow (the URL standard's domain
// code points). The four of those that RFC 3986 has no place for, "`{}, come percent-encoded.
[[nodiscard]] std::optional<std::string> CanonicalHostName(std::string_view reg_name);

// Whether a text is such a name in canonical form already, without percent-encoding.
[[nodiscard]] bool IsPlainHostName(std::string_view name);

// Of an address in network order, brackets included.
[[nodiscard]] std::string CanonicalIpv6Host(const unsigned char (&address)[16]);

}  // namespace page_count

#endif  // PAGE_COUNT_VISITS_URL_HOST_H_
