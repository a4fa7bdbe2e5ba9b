#include "worker/base/keyed_hash.h"

#include <sodium/crypto_generichash_blake2b.h>

#include <cstdlib>

#include "worker/base/random_key.h"

namespace page_count {

static_assert(HashKey().size() == crypto_generichash_blake2b_KEYBYTES);
static_assert(KeyedHash().size() == crypto_generichash_blake2b_BYTES_MIN);

HashKey RandomHashKey() { return RandomKey<HashKey>(); }

// Without sodium_init, which is not called, it is computed by portable code.
KeyedHash KeyedHashOf(const HashKey& key, std::string_view text) {
  KeyedHash hash;
  if (crypto_generichash_blake2b(hash.data(), hash.size(), reinterpret_cast<const unsigned char*>(text.data()),
                                 text.size(), key.data(), key.size()) != 0) {
    std::abort();
  }
  return hash;
}

}  // namespace page_count
