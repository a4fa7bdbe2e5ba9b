// BLAKE2b under a key, libsodium's: a hash that tells nobody without the key what was hashed, and that nobody can aim.
//
// For what is kept; SipHash is for tables. Pure, any thread.
#ifndef PAGE_COUNT_BASE_KEYED_HASH_H_
#define PAGE_COUNT_BASE_KEYED_HASH_H_

#include <array>
#include <cstdint>
#include <string_view>

namespace page_count {

using HashKey = std::array<uint8_t, 32>;
using KeyedHash = std::array<uint8_t, 16>;

// Throws std::system_error if the kernel has none to give.
[[nodiscard]] HashKey RandomHashKey();

[[nodiscard]] KeyedHash KeyedHashOf(const HashKey& key, std::string_view text);

}  // namespace page_count

#endif  // PAGE_COUNT_BASE_KEYED_HASH_H_
