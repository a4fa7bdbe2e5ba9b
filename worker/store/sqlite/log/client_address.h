// A client's address as the dictionary keeps it: a byte that says its kind, then 4 bytes of IPv4, 16 of IPv6, of a
// pseudonym 2 of its country and 8 of its number, or any other text as it is.
#ifndef PAGE_COUNT_STORE_SQLITE_LOG_CLIENT_ADDRESS_H_
#define PAGE_COUNT_STORE_SQLITE_LOG_CLIENT_ADDRESS_H_

#include <string>
#include <string_view>

namespace page_count {

// Equal addresses are equal texts: what UnpackAddress would spell otherwise is kept as a text.
std::string PackAddress(std::string_view ip);
std::string UnpackAddress(std::string_view packed);
bool IsPackedPseudonym(std::string_view packed);

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_LOG_CLIENT_ADDRESS_H_
