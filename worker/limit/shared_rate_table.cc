// The rate table, in a file that every worker of the machine maps.
//
// The layout
//
// The file is a header of one page and an array of buckets. Integers are in this machine's byte order: another
// machine has another boot id.
//
//        0 +-----------------------+ -.
//          | "pgctrate"            |  |
//        8 | u32 layout version    |  |
//       12 | u32 bytes of a mutex  |  |  the identity: a file in which one byte of it differs, or whose size is not
//       16 | u32 keys              |  |  what follows from it, is not this table
//       20 | u32 entries a bucket  |  |
//       24 | u32 visits a key      |  |
//       28 | u32 bytes of a bucket |  |
//       32 | boot id, text, 0s     |  |
//       72 +-----------------------+ -'
//          | SipHash key, random   |     strangers choose URLs and some choose addresses: without the key none can
//       88 +-----------------------+     aim at another's entry or fill one bucket
//          | 0                     |
//      128 +-----------------------+
//          | u64 live evictions    |
//      136 +-----------------------+
//          | 0                     |
//     4096 +-----------------------+
//          | bucket 0              |
//          +-----------------------+
//          | bucket 1 ...          |
//
// A bucket (1,664 bytes with 20 visits a key) holds the 16 keys whose hash leads to it. Most visits are their key's
// first inside the window: they touch no more than the bucket's first five cache lines.
//
//        0 +-----------------------+
//          | pthread_mutex_t       |     shared between processes, robust
//          +-----------------------+
//          | u64 since_ms          |     no visit of this bucket is before it, and none 2^32 ms after it
//       64 +-----------------------+ -.
//          | u32 newest_ms         |  |  one word, the log of entry 0: the low 32 bits of the newest visit's time in
//       68 | u16 next, u16 count   |  |  ms; `count` visits, the others in the slots of the ring before `next`
//       72 +-----------------------+ -'
//          | ... 16 logs           |
//      192 +-----------------------+
//          | u64 hash of entry 0   |     half of the SipHash-2-4 of client, NUL, page; the other half led here
//      200 +-----------------------+
//          | ... 16 hashes         |
//      320 +-----------------------+
//          | u32 refused_ms        |     the low 32 bits of the time in ms when entry 0 was last refused a visit
//      324 +-----------------------+
//          | ... 16 times          |
//      384 +-----------------------+
//          | u32 x visits a key    |     the ring of entry 0: the low 32 bits of a visit's time in ms each
//          +-----------------------+
//          | ... 16 rings          |
//
// Two keys are taken for one if they lead to one bucket and the stored halves are equal: 16 entries against 2^64.
//
// Times are CLOCK_BOOTTIME's: it goes on through a suspend and ignores whoever sets the wall clock. It starts again
// at boot, and a mutex word written before the boot names a thread that is no more and that no kernel will clean up
// after; hence the boot id. The window is not in the file: workers with another window share the log, and visits
// that a shorter window has let go of may be gone.
//
// The invariants
//
//  1. A bucket is read and changed only by the holder of its mutex. (`live evictions` is counted atomically.)
//  2. count <= visits a key, next < visits a key. An entry whose count is 0 is free, whatever else is in it.
//  3. The visits of a log are in the order of their times, all between since_ms and 2^32 ms after it, so that 32
//     bits tell each in full. The clock is read inside the lock, so times in a log cannot go back.
//  4. No two entries of a bucket with a count above 0 have the same hash.
//  5. Nothing that a count covers is overwritten: a hash changes only while count is 0, a slot only while it is not
//     counted, and since_ms moves forward only after what it would leave behind has been dropped. A change comes into
//     force with the single 64-bit store of {newest_ms, next, count} and not before.
//  6. The file at the path is replaced, by rename, only under flock on "<path>.lock", and only if it is not the
//     table wanted. A file that was at the path is never initialised again, shortened or written by anyone who has
//     not found its identity right.
//
// Every entry is a valid log after every single store (2 to 5), so what a process leaves that dies anywhere needs no
// undoing. It may have died of a stray store, though: whoever takes its lock over drops the logs that reach out of
// their ring, and can itself die anywhere.
//
// Admit, for each of its keys, and what the others see if this process dies right after the step
//
//  a. Hash the key, find the bucket. Nothing has happened.
//  b. Lock. The mutex is robust: the kernel marks it at the holder's death, the next to lock it gets EOWNERDEAD,
//     looks the bucket through and goes on. This holds for every step until h. If it dies as well, the next one is told
//     again. Nobody waits for a dead process, and no other bucket notices.
//  c. If 2^32 ms (49 days) have gone by since since_ms: drop the expired visits of all entries, then move it to
//     where the window begins. Dead here: some are dropped, or all; they counted for nothing.
//  d. The key's newest visit has expired: drop all it has. Else, if it has `visits` or more: if that many are inside
//     the window, which the oldest of them tells, write refused_ms and go to h; a refused visit leaves no other trace,
//     and this one decides nothing but which key makes room in e. If not, drop that one and the older ones. All that is
//     dropped has expired, by one store of the log. A log may keep expired visits; they count for nothing if
//     `visits` are more than it has.
//  e. The key has no entry: take a free one, else make room, which is there from the store of a count 0. Dead here: one
//     key's log was forgotten a moment early. If that log was live the counter follows; dead before it: one eviction is
//     not counted. Then write the hash into the free entry (2).
//  f. If the key has a newest visit, write its time into the slot `next`. Dead here: the slot is not counted.
//  g. Store {newest_ms, next, count}. Dead here: the visit counts, as it does for one who dies before it can answer.
//  h. Unlock. No system call unless another waits.
//
// Refund makes the visit before the newest the newest again, by one store of the log.
//
// Which key makes room
//
// What is forgotten with a key is admitted once more, so the key that goes is the one that takes least along: one
// whose visits have all expired, else one with the fewest visits; a refusal since the newest visit weighs as one more.
// Among equals it is the one that was tried longest ago. So a flood of other keys, each with a visit or two, drives
// itself out and not a key that has used up its limit, however seldom that one is tried; to drive it out every other
// key of its bucket must have been tried as often. A time in refused_ms that is older than the entry's newest visit is
// nothing: it may be of the key that had the entry before.
//
// Open, likewise
//
// Who finds the right table maps it and is done: by 6 it stays the one at the path, so all share it. Who does not
// takes the flock and looks again; most find the table there that the first has made meanwhile. The first makes it
// at "<path>.new": allocates every block (a full file system is an error now, not a SIGBUS later), writes key,
// mutexes and identity, and renames. Dead before the rename: the path is as it was, the kernel drops the flock, the
// next one starts "<path>.new" afresh. Dead after it: the table is whole. The lock's file stays for ever: removing it
// could leave two holders. A worker whose table was replaced (by one of another layout or size) keeps its own.

#include "worker/limit/shared_rate_table.h"

#include <time.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <limits>
#include <optional>
#include <stdexcept>
#include <tuple>
#include <utility>
#include <vector>

#include "worker/limit/rate_table_file.h"

namespace page_count {
namespace {

// A counter in memory that several processes map must need no lock of this process's own.
static_assert(std::atomic_ref<uint64_t>::is_always_lock_free);

uint64_t BoottimeMs() {
  timespec time = {};
  clock_gettime(CLOCK_BOOTTIME, &time);
  return static_cast<uint64_t>(time.tv_sec) * 1000 + static_cast<uint64_t>(time.tv_nsec) / 1'000'000;
}

void Check(const SharedRateTable::Options& options) {
  if (options.keys == 0) throw std::invalid_argument("a rate table needs room for at least one key");
  if (options.visits_per_key == 0 || options.visits_per_key > 65'535) {
    throw std::invalid_argument("a rate table keeps 1 to 65535 visits a key");
  }
  if (options.window.count() < 1 || options.window.count() > std::numeric_limits<uint32_t>::max()) {
    throw std::invalid_argument("a rate window lasts 1 ms to 2^32 - 1 ms");
  }
}

}  // namespace

// The critical section: the bucket of one key, and the time at which it was entered.
class SharedRateTable::LockedBucket {
 public:
  LockedBucket(const RateBucket& bucket, const Clock& clock, uint64_t window_ms) : bucket_(bucket) {
    bucket_.Prefetch();
    const int error = pthread_mutex_lock(&bucket_.head().mutex);
    now_ms_ = clock();
    if (error != 0) TakeOver(error);
    if (now_ms_ - bucket_.head().since_ms > std::numeric_limits<uint32_t>::max()) AdvanceBase(window_ms);
  }
  LockedBucket(const LockedBucket&) = delete;
  LockedBucket& operator=(const LockedBucket&) = delete;
  ~LockedBucket() { pthread_mutex_unlock(&bucket_.head().mutex); }

  uint64_t now_ms() const { return now_ms_; }
  const RateBucket& bucket() const { return bucket_; }

  std::optional<RateEntry> Find(const Hash128& hash) const {
    for (uint32_t i = 0; i < RateBucket::kEntries; ++i) {
      if (const RateEntry entry = bucket_.entry(i); entry.Holds(hash.high)) return entry;
    }
    return std::nullopt;
  }

 private:
  void TakeOver(int error) {
    if (error != EOWNERDEAD) std::abort();
    for (uint32_t i = 0; i < RateBucket::kEntries; ++i) bucket_.entry(i).ClearIfCorrupt();
    if (pthread_mutex_consistent(&bucket_.head().mutex) != 0) std::abort();
  }

  // Makes room for another 2^32 ms.
  void AdvanceBase(uint64_t window_ms) {
    const uint64_t since_ms = now_ms_ - (window_ms - 1);
    for (uint32_t i = 0; i < RateBucket::kEntries; ++i) {
      bucket_.entry(i).DropExpired(now_ms_, window_ms);
      bucket_.entry(i).Refuse(since_ms);  // what was refused before that says nothing any more
    }
    bucket_.head().since_ms = since_ms;
  }

  RateBucket bucket_;
  uint64_t now_ms_ = 0;
};

std::unique_ptr<SharedRateTable> SharedRateTable::Open(const Options& options, Clock clock) {
  Check(options);
  auto file = RateTableFile::Open(options.path, options.keys, options.visits_per_key);
  if (!clock) clock = BoottimeMs;
  return std::unique_ptr<SharedRateTable>(new SharedRateTable(std::move(file), options, std::move(clock)));
}

SharedRateTable::SharedRateTable(std::unique_ptr<RateTableFile> file, const Options& options, Clock clock)
    : file_(std::move(file)),
      visits_per_key_(options.visits_per_key),
      window_ms_(static_cast<uint64_t>(options.window.count())),
      clock_(std::move(clock)) {}

SharedRateTable::~SharedRateTable() = default;

void SharedRateTable::Admit(std::span<const RateKey> keys, uint32_t visits, OnDecided on_decided) {
  std::vector<Decision> decisions;
  decisions.reserve(keys.size());
  for (const RateKey& key : keys) decisions.push_back(Decide(key, visits));
  on_decided(decisions);
}

RateLimiter::Decision SharedRateTable::Decide(const RateKey& key, uint32_t visits) {
  if (visits == 0 || visits > visits_per_key_) std::abort();
  const Hash128 hash = HashOf(key);
  const LockedBucket locked(BucketOf(hash), clock_, window_ms_);
  const uint64_t now_ms = locked.now_ms();

  std::optional<RateEntry> entry = locked.Find(hash);
  if (entry) {
    if (now_ms - entry->NthNewestMs(1) >= window_ms_) {
      entry->Clear();
    } else if (entry->count() >= visits) {
      const uint64_t age_ms = now_ms - entry->NthNewestMs(visits);
      if (age_ms < window_ms_) {
        entry->Refuse(now_ms);
        return {Verdict::kRefused, std::chrono::milliseconds(window_ms_ - age_ms)};
      }
      entry->Keep(visits - 1);
    }
  } else {
    entry = MakeRoom(locked.bucket(), now_ms);
    entry->Claim(hash.high);
  }
  entry->Push(now_ms);
  return {Verdict::kAdmitted};
}

void SharedRateTable::Refund(std::span<const RateKey> keys) {
  for (const RateKey& key : keys) {
    const Hash128 hash = HashOf(key);
    const LockedBucket locked(BucketOf(hash), clock_, window_ms_);
    if (auto entry = locked.Find(hash)) entry->PopNewest();
  }
}

uint64_t SharedRateTable::live_evictions() const {
  return std::atomic_ref(file_->header().live_evictions).load(std::memory_order_relaxed);
}

Hash128 SharedRateTable::HashOf(const RateKey& key) const {
  std::string text(key.client);
  text.append(1, '\0').append(key.page);
  return SipHash(file_->header().hash_key, text);
}

RateBucket SharedRateTable::BucketOf(const Hash128& hash) const {
  const uint64_t scaled = (hash.low >> 32) * file_->bucket_count() >> 32;
  return file_->bucket(static_cast<uint32_t>(scaled));
}

// An entry that is free, made so if none was.
RateEntry SharedRateTable::MakeRoom(const RateBucket& bucket, uint64_t now_ms) {
  const auto worth = [&](const RateEntry& entry) {
    const bool is_live = now_ms - entry.NthNewestMs(1) < window_ms_;
    const uint32_t tries = entry.count() + (entry.WasRefused() ? 1 : 0);
    return std::tuple(is_live, is_live ? tries : 0, entry.LastTriedMs());
  };
  RateEntry victim = bucket.entry(0);
  for (uint32_t i = 0; i < RateBucket::kEntries; ++i) {
    const RateEntry entry = bucket.entry(i);
    if (entry.count() == 0) return entry;
    if (worth(entry) < worth(victim)) victim = entry;
  }
  const bool was_live = std::get<0>(worth(victim));
  victim.Clear();
  if (was_live) std::atomic_ref(file_->header().live_evictions).fetch_add(1, std::memory_order_relaxed);
  return victim;
}

}  // namespace page_count
