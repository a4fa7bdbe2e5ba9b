// SipHash-2-4 with 128 bits of output, libsodium's: a keyed hash that nobody without the key can aim.
//
// Inputs with equal hashes are taken for one: at 128 bits that does not happen. Pure, any thread.
#ifndef PAGE_COUNT_BASE_SIPHASH_H_
#define PAGE_COUNT_BASE_SIPHASH_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace page_count {

using SipHashKey = std::array<std::byte, 16>;

// Throws std::system_error if the kernel has none to give.
[[nodiscard]] SipHashKey RandomSipHashKey();

struct Hash128 {
  uint64_t low = 0;
  uint64_t high = 0;
  bool operator==(const Hash128&) const = default;
};

[[nodiscard]] Hash128 SipHash(const SipHashKey& key, std::string_view text);

}  // namespace page_count

#endif  // PAGE_COUNT_BASE_SIPHASH_H_
