#include "worker/store/sqlite/log/id_cache.h"

#include <algorithm>
#include <new>

namespace page_count {

std::vector<int64_t> IdCache::Get(std::span<const std::string_view> texts) {
  std::vector<int64_t> ids(texts.size());
  if (!memory_) return ids;
  std::vector<Hash128> hashes;
  hashes.reserve(texts.size());
  for (const std::string_view text : texts) {
    hashes.push_back(SipHash(key_, text));
    __builtin_prefetch(&BucketOf(hashes.back()));
  }
  for (size_t i = 0; i < texts.size(); ++i) {
    Bucket& bucket = BucketOf(hashes[i]);
    const auto found = std::find_if(bucket.begin(), bucket.end(),
                                    [&](const Entry& entry) { return entry.id != 0 && entry.tag == hashes[i].high; });
    if (found == bucket.end()) continue;
    ids[i] = found->id;
    std::rotate(bucket.begin(), found, found + 1);
  }
  return ids;
}

void IdCache::Put(std::string_view text, int64_t id) {
  if (!memory_) {
    memory_.reset(static_cast<Bucket*>(std::calloc(buckets_, sizeof(Bucket))));  // zeros that cost nothing unread
    if (!memory_) throw std::bad_alloc();
  }
  const Hash128 hash = SipHash(key_, text);
  Bucket& bucket = BucketOf(hash);
  const auto same = std::find_if(bucket.begin(), bucket.end() - 1,
                                 [&](const Entry& entry) { return entry.id == 0 || entry.tag == hash.high; });
  *same = {hash.high, id};
  std::rotate(bucket.begin(), same, same + 1);
}

}  // namespace page_count
