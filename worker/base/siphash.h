// SipHash with 128 bits of output (Aumasson and Bernstein): a keyed hash that nobody without the key can aim.
//
// Inputs with equal hashes are taken for one: at 128 bits that does not happen. Pure, any thread.
#ifndef PAGE_COUNT_BASE_SIPHASH_H_
#define PAGE_COUNT_BASE_SIPHASH_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
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

// The hash of the parts as if they were written one after the other. SipHash-1-3 is what hash tables that strangers
// fill use; SipHash-2-4, slower, is the one that its authors gave test vectors for.
[[nodiscard]] Hash128 SipHash13(const SipHashKey& key, std::initializer_list<std::string_view> parts);
[[nodiscard]] Hash128 SipHash24(const SipHashKey& key, std::initializer_list<std::string_view> parts);

}  // namespace page_count

#endif  // PAGE_COUNT_BASE_SIPHASH_H_
