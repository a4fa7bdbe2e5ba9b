// A cache of texts' ids, in buckets of four: a new text takes the place of the one of its bucket that was not asked
// for for longest.
//
// A text is known again by its keyed hash, 64 bits of which are kept; that a text is taken for another happens less
// than once in 10^18 texts that are new. A bucket is as large as a line of the processor's cache, and a look at many
// texts asks for all their buckets before it waits for one. The memory comes with the first text. Not thread-safe.
#ifndef PAGE_COUNT_STORE_SQLITE_LOG_ID_CACHE_H_
#define PAGE_COUNT_STORE_SQLITE_LOG_ID_CACHE_H_

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "worker/base/siphash.h"

namespace page_count {

class IdCache {
 public:
  // Room for `capacity` texts, rounded down to a power of two and 4 at least, 16 bytes each.
  explicit IdCache(size_t capacity) : buckets_(std::bit_floor(std::max(capacity, kBucketSize)) / kBucketSize) {}

  // The texts' ids, 0 for those that are not remembered.
  std::vector<int64_t> Get(std::span<const std::string_view> texts);
  // Throws std::bad_alloc.
  void Put(std::string_view text, int64_t id);
  void Clear() { memory_.reset(); }

 private:
  static constexpr size_t kBucketSize = 4;

  struct Entry {
    uint64_t tag;
    int64_t id;  // 0 if there is none
  };
  using Bucket = std::array<Entry, kBucketSize>;  // the last one asked for first
  struct Free {
    void operator()(Bucket* memory) const { std::free(memory); }
  };

  Bucket& BucketOf(const Hash128& hash) { return memory_.get()[hash.low & (buckets_ - 1)]; }

  SipHashKey key_ = RandomSipHashKey();
  size_t buckets_;
  std::unique_ptr<Bucket, Free> memory_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_LOG_ID_CACHE_H_
