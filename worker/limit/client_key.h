// Who counts as one client for the rate limit.
//
// Pure function, any thread. Reads bytes from strangers.
#ifndef PAGE_COUNT_LIMIT_CLIENT_KEY_H_
#define PAGE_COUNT_LIMIT_CLIENT_KEY_H_

#include <string>
#include <string_view>

namespace page_count {

// The text under which a client's visits are limited: an IPv4 address itself, also if it is mapped into IPv6; the
// prefix of an IPv6 address (a household gets a /64). A text that is no address is its own key.
std::string ClientKey(std::string_view ip, int ipv6_prefix_bits);

}  // namespace page_count

#endif  // PAGE_COUNT_LIMIT_CLIENT_KEY_H_
