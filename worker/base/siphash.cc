#include "worker/base/siphash.h"

#include <sodium/crypto_shorthash_siphash24.h>

#include "worker/base/random_key.h"

namespace page_count {

static_assert(sizeof(SipHashKey) == crypto_shorthash_siphashx24_KEYBYTES);
static_assert(sizeof(Hash128) == crypto_shorthash_siphashx24_BYTES);

SipHashKey RandomSipHashKey() { return RandomKey<SipHashKey>(); }

// It is computed without any state of the library's, so that sodium_init is not called.
Hash128 SipHash(const SipHashKey& key, std::string_view text) {
  Hash128 hash;
  crypto_shorthash_siphashx24(reinterpret_cast<unsigned char*>(&hash),
                              reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                              reinterpret_cast<const unsigned char*>(key.data()));
  return hash;
}

}  // namespace page_count
