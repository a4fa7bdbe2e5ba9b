// The id that a client gives a visit, so that a request which is sent twice counts once.
//
// Pure functions, any thread. Reads bytes from strangers: any text of 8 to 64 bytes is one.
#ifndef PAGE_COUNT_VISITS_REQUEST_ID_H_
#define PAGE_COUNT_VISITS_REQUEST_ID_H_

#include <chrono>
#include <cstddef>
#include <string_view>

#include "worker/base/keyed_hash.h"

namespace page_count {

constexpr size_t kMinRequestIdBytes = 8;
constexpr size_t kMaxRequestIdBytes = 64;
// How long a visit's id is known.
constexpr std::chrono::days kRequestIdLifetime{7};

constexpr bool IsRequestId(std::string_view id) {
  return id.size() >= kMinRequestIdBytes && id.size() <= kMaxRequestIdBytes;
}

// What is kept of it. Ids with equal hashes are taken for one: at 128 bits that does not happen. Its key is no secret:
// a hash is only to have one length.
[[nodiscard]] inline KeyedHash HashOfRequestId(std::string_view id) { return KeyedHashOf(HashKey{}, id); }

}  // namespace page_count

#endif  // PAGE_COUNT_VISITS_REQUEST_ID_H_
