// One key's log of visits, as it stands in the rate table's file: a view, owns nothing.
//
// The caller holds the bucket's mutex. Every change is a series of plain stores that a SIGKILL may cut at any
// instruction; what is left is a valid log. The invariants named here are those of shared_rate_table.cc.
#ifndef PAGE_COUNT_LIMIT_RATE_ENTRY_H_
#define PAGE_COUNT_LIMIT_RATE_ENTRY_H_

#include <atomic>
#include <cstdint>

#include "worker/siphash.h"

namespace page_count {

struct RateEntryHead {
  Hash128 hash;
  uint64_t last_ms;  // not before the newest visit
  uint32_t log;      // the slot that is written next << 16 | how many slots before it hold visits
  uint32_t unused;
};
static_assert(sizeof(RateEntryHead) == 32);

class RateEntry {
 public:
  // `times` has `capacity` slots, each the low 32 bits of a visit's time in milliseconds.
  RateEntry(RateEntryHead& head, uint32_t* times, uint32_t capacity)
      : head_(&head), times_(times), capacity_(capacity) {}

  uint32_t count() const { return head_->log & 0xffff; }
  uint64_t last_ms() const { return head_->last_ms; }
  bool Holds(const Hash128& hash) const { return head_->hash == hash && count() > 0; }

  // The time of the visit that has n - 1 newer ones; 1 <= n <= count().
  uint64_t NthNewestMs(uint32_t n) const {
    const uint32_t slot = next() >= n ? next() - n : next() + capacity_ - n;
    return last_ms() - (static_cast<uint32_t>(last_ms()) - times_[slot]);
  }

  // Drops the visits that are `window_ms` old or older.
  void DropExpired(uint64_t now_ms, uint64_t window_ms) {
    uint32_t live = count();
    while (live > 0 && now_ms - NthNewestMs(live) >= window_ms) --live;
    if (live != count()) Commit(next(), live);
  }

  // For an entry without visits: makes it this key's.
  void Claim(const Hash128& hash) { head_->hash = hash; }

  // A slot is free, and the oldest visit is less than 2^32 ms old.
  void Push(uint64_t now_ms) {
    head_->last_ms = now_ms;
    times_[next()] = static_cast<uint32_t>(now_ms);
    Commit(next() + 1 == capacity_ ? 0 : next() + 1, count() + 1);
  }

  // At least one visit is there.
  void PopNewest() {
    Commit(next() == 0 ? capacity_ - 1 : next() - 1, count() - 1);
    if (count() > 0) head_->last_ms = NthNewestMs(1);
  }

  void Clear() { Commit(0, 0); }

  // Mends what a process that died has left: a `last_ms` later than the newest visit. It may have died of a wild
  // store, so that an entry which is no valid log goes too.
  void Repair(uint64_t now_ms) {
    if (count() > capacity_ || next() >= capacity_ || last_ms() > now_ms) Clear();
    if (count() > 0) head_->last_ms = NthNewestMs(1);
  }

 private:
  uint32_t next() const { return head_->log >> 16; }

  // The one store by which a change happens (invariant 5). The fences bind the compiler; a processor ends a killed
  // process between two instructions, all stores before it done and none after.
  void Commit(uint32_t next, uint32_t count) {
    std::atomic_signal_fence(std::memory_order_seq_cst);
    std::atomic_ref(head_->log).store(next << 16 | count, std::memory_order_relaxed);
    std::atomic_signal_fence(std::memory_order_seq_cst);
  }

  RateEntryHead* head_;
  uint32_t* times_;
  uint32_t capacity_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_LIMIT_RATE_ENTRY_H_
