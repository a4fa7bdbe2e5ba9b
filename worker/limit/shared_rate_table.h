// The RateLimiter of this machine: a table in a file that every worker maps.
//
// Bounded (`keys` entries, sized at creation, really allocated), exact, needs no system call for a decision. A file
// that is not this table (foreign, truncated, of another layout, size or boot) is replaced, never reinterpreted. A
// process killed at any point stops nobody. The essay in the .cc draws the layout and says why.
// Open throws std::system_error if the file cannot be made, std::invalid_argument if an option makes no sense.
// Any thread, any number of processes.
#ifndef PAGE_COUNT_LIMIT_SHARED_RATE_TABLE_H_
#define PAGE_COUNT_LIMIT_SHARED_RATE_TABLE_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "worker/limit/rate_limiter.h"

namespace page_count {

class RateBucket;
class RateEntry;
class RateTableFile;
struct Hash128;

class SharedRateTable final : public RateLimiter {
 public:
  struct Options {
    std::string path;
    uint32_t keys = 65'536;        // how many keys the table holds, at least 1
    uint32_t visits_per_key = 20;  // the largest limit that will be asked of it, 1 to 65,535
    std::chrono::milliseconds window = std::chrono::seconds(60);  // 1 ms to 2^32 - 1 ms
  };
  // Milliseconds of a clock that never goes back, the same for all workers; CLOCK_BOOTTIME unless a test hands in its
  // own.
  using Clock = std::function<uint64_t()>;

  static std::unique_ptr<SharedRateTable> Open(const Options& options, Clock clock = nullptr);
  ~SharedRateTable() override;

  // Decides at once. 1 <= visits <= Options::visits_per_key.
  void Admit(std::span<const RateKey> keys, uint32_t visits, OnDecided on_decided) override;
  void Refund(std::span<const RateKey> keys) override;

  // How often a key with visits inside its window had to make room for another, over all workers.
  uint64_t live_evictions() const;

 private:
  friend class SharedRateTablePeer;  // tests stop inside a critical section through it
  class LockedBucket;

  SharedRateTable(std::unique_ptr<RateTableFile> file, const Options& options, Clock clock);
  Decision Decide(const RateKey& key, uint32_t visits);
  Hash128 HashOf(const RateKey& key) const;
  RateBucket BucketOf(const Hash128& hash) const;
  RateEntry MakeRoom(const RateBucket& bucket, uint64_t now_ms);

  std::unique_ptr<RateTableFile> file_;
  uint32_t visits_per_key_;
  uint64_t window_ms_;
  Clock clock_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_LIMIT_SHARED_RATE_TABLE_H_
