// A client's id, by which visits and rollups refer to an address.
//
// An IPv4 address is its own id (its number, plus one, as ids begin at 1): it needs no look-up and no row anywhere. Any
// other text has a row in the table `client`, with an id after those.
#ifndef PAGE_COUNT_STORE_SQLITE_LOG_CLIENT_ID_H_
#define PAGE_COUNT_STORE_SQLITE_LOG_CLIENT_ID_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace page_count {

constexpr int64_t kLastIpv4Client = int64_t{1} << 32;  // in SQL: the view visit_ip of schema.sql

// The id of an IPv4 address in its usual form: four numbers, no leading zeros. nullopt for any other text.
std::optional<int64_t> Ipv4ClientOf(std::string_view ip);
std::string IpOfIpv4Client(int64_t client);

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_LOG_CLIENT_ID_H_
