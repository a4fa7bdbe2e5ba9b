// What is kept of a client's address, so that visitors can be counted: the privacy setting.
//
// Pure functions, any thread. The address is one in CanonicalIpAddress's spelling, or another text that stands for a
// client ("unix:").
#ifndef PAGE_COUNT_VISITS_KEPT_ADDRESS_H_
#define PAGE_COUNT_VISITS_KEPT_ADDRESS_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "worker/base/keyed_hash.h"

namespace page_count {

enum class AddressKeeping : uint8_t {
  kWhole,   // as it is
  kCut,     // its network: "192.0.2.0" of a /24, "2001:db8:1::" of a /48; a text that is no address as it is
  kHashed,  // a pseudonym: a hash of it and the user agent, which is another one each day
};

// The key is that of the visit's day (UTC); it and the address's country count for kHashed alone.
[[nodiscard]] std::string KeptAddress(AddressKeeping keeping, std::string_view ip, std::string_view user_agent,
                                      const HashKey& day_key, std::string_view country = {});

}  // namespace page_count

#endif  // PAGE_COUNT_VISITS_KEPT_ADDRESS_H_
