// One key's log of visits, as it is stored in the rate table's file: a view, owns nothing.
//
// The caller holds the bucket's mutex. Every change is a series of plain stores that a SIGKILL may cut at any
// instruction; what is left is a valid log. The invariants named here are those of shared_rate_table.cc.
#ifndef PAGE_COUNT_LIMIT_RATE_ENTRY_H_
#define PAGE_COUNT_LIMIT_RATE_ENTRY_H_

#include <algorithm>
#include <atomic>
#include <cstdint>

namespace page_count {

// Times are the low 32 bits of milliseconds.
struct alignas(8) RateLog {
  uint32_t newest_ms;  // the newest visit's time
  uint16_t next;       // the slot of the ring that takes it over when a newer one comes
  uint16_t count;      // of visits: the others are in the slots before `next`
};
static_assert(sizeof(RateLog) == 8 && std::atomic_ref<RateLog>::is_always_lock_free);

class RateEntry {
 public:
  // `ring` has `capacity` slots. No visit and no refusal is before `since_ms`, and none 2^32 ms after it.
  RateEntry(uint64_t& hash, RateLog& log, uint32_t& refused_ms, uint32_t* ring, uint32_t capacity, uint64_t since_ms)
      : hash_(&hash), log_(&log), refused_ms_(&refused_ms), ring_(ring), capacity_(capacity), since_ms_(since_ms) {}

  uint32_t count() const { return log_->count; }
  bool Holds(uint64_t hash) const { return *hash_ == hash && count() > 0; }

  // The time of the visit that has n - 1 newer ones; 1 <= n <= count().
  uint64_t NthNewestMs(uint32_t n) const {
    if (n == 1) return Whole(log_->newest_ms);
    const uint32_t back = n - 1;
    return Whole(ring_[log_->next >= back ? log_->next - back : log_->next + capacity_ - back]);
  }

  // Notes that a visit was refused. It is no visit: it only tells that the key is still being tried.
  void Refuse(uint64_t now_ms) { *refused_ms_ = static_cast<uint32_t>(now_ms); }
  // Whether a visit was refused since the newest one; count() > 0.
  bool WasRefused() const { return Whole(*refused_ms_) >= NthNewestMs(1); }
  // When a visit was last tried, admitted or not; count() > 0.
  uint64_t LastTriedMs() const { return std::max(NthNewestMs(1), Whole(*refused_ms_)); }

  // Drops all but the newest `n` visits; n <= count().
  void Keep(uint32_t n) {
    if (n != count()) Commit(log_->newest_ms, log_->next, n);
  }

  // Drops the visits that are `window_ms` old or older.
  void DropExpired(uint64_t now_ms, uint64_t window_ms) {
    uint32_t live = count();
    while (live > 0 && now_ms - NthNewestMs(live) >= window_ms) --live;
    Keep(live);
  }

  // For an entry without visits: makes it this key's.
  void Claim(uint64_t hash) { *hash_ = hash; }

  // The log holds fewer visits than its capacity.
  void Push(uint64_t now_ms) {
    uint32_t next = log_->next;
    if (count() > 0) {
      ring_[next] = log_->newest_ms;
      next = next + 1 == capacity_ ? 0 : next + 1;
    }
    Commit(static_cast<uint32_t>(now_ms), next, count() + 1);
  }

  // At least one visit is there.
  void PopNewest() {
    if (count() == 1) return Clear();
    const uint32_t last = log_->next == 0 ? capacity_ - 1 : log_->next - 1;
    Commit(ring_[last], last, count() - 1);
  }

  void Clear() { Commit(0, 0, 0); }

  // Against what a stray store has left: a log that reaches out of its ring goes.
  void ClearIfCorrupt() {
    if (count() > capacity_ || log_->next >= capacity_) Clear();
  }

 private:
  uint64_t Whole(uint32_t low_ms) const { return since_ms_ + (low_ms - static_cast<uint32_t>(since_ms_)); }

  // The one store by which a change happens (invariant 5). The fences bind the compiler; a processor ends a killed
  // process between two instructions, all stores before it done and none after.
  void Commit(uint32_t newest_ms, uint32_t next, uint32_t count) {
    const RateLog log = {
        .newest_ms = newest_ms, .next = static_cast<uint16_t>(next), .count = static_cast<uint16_t>(count)};
    std::atomic_signal_fence(std::memory_order_seq_cst);
    std::atomic_ref(*log_).store(log, std::memory_order_relaxed);
    std::atomic_signal_fence(std::memory_order_seq_cst);
  }

  uint64_t* hash_;
  RateLog* log_;
  uint32_t* refused_ms_;
  uint32_t* ring_;
  uint32_t capacity_;
  uint64_t since_ms_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_LIMIT_RATE_ENTRY_H_
