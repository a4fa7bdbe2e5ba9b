// The id that a client gives a visit, so that a request which is sent twice counts once.
//
// Pure functions, any thread. Reads bytes from strangers: any text of 8 to 64 bytes is one.
#ifndef PAGE_COUNT_VISITS_REQUEST_ID_H_
#define PAGE_COUNT_VISITS_REQUEST_ID_H_

#include <cstddef>
#include <string_view>

#include "worker/base/keyed_hash.h"

namespace page_count {

constexpr size_t kMinRequestIdBytes = 8;
constexpr size_t kMaxRequestIdBytes = 64;

constexpr bool IsRequestId(std::string_view id) {
  return id.size() >= kMinRequestIdBytes && id.size() <= kMaxRequestIdBytes;
}

// What is kept of it. Ids with equal hashes are taken for one: at 128 bits that does not happen.
[[nodiscard]] inline KeyedHash HashOfRequestId(const HashKey& key, std::string_view id) { return KeyedHashOf(key, id); }

}  // namespace page_count

#endif  // PAGE_COUNT_VISITS_REQUEST_ID_H_
