// The rate table's file, mapped: its header and its buckets, in the layout that shared_rate_table.cc draws.
//
// Open finds the file or makes it, and never trusts one that does not match to the last parameter. It owns the
// mapping, no descriptor. Says where things are; who may touch them when is the table's business.
// Open throws std::system_error. Any number of processes may open at once: they get one file.
#ifndef PAGE_COUNT_LIMIT_RATE_TABLE_FILE_H_
#define PAGE_COUNT_LIMIT_RATE_TABLE_FILE_H_

#include <pthread.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "worker/base/siphash.h"
#include "worker/limit/rate_entry.h"

namespace page_count {

// What must be equal, byte by byte, for a file to be this table.
struct RateTableIdentity {
  std::array<char, 8> magic;
  uint32_t layout_version;
  uint32_t mutex_bytes;
  uint32_t keys;
  uint32_t entries_per_bucket;
  uint32_t visits_per_key;
  uint32_t bucket_bytes;
  std::array<char, 40> boot_id;
  bool operator==(const RateTableIdentity&) const = default;
};

struct RateTableHeader {
  RateTableIdentity identity;
  SipHashKey hash_key;
  std::array<std::byte, 40> unused;
  uint64_t live_evictions;
};
static_assert(sizeof(RateTableIdentity) == 72 && offsetof(RateTableHeader, live_evictions) == 128);

class RateBucket {
 public:
  static constexpr uint32_t kEntries = 16;

  // Most decisions touch all of it but refused_ms. The rings follow it.
  struct alignas(64) Head {
    pthread_mutex_t mutex;
    uint64_t since_ms;
    alignas(64) std::array<RateLog, kEntries> logs;
    std::array<uint64_t, kEntries> hashes;
    std::array<uint32_t, kEntries> refused_ms;
  };
  static_assert(offsetof(Head, refused_ms) == 320 && sizeof(Head) == 384);

  RateBucket(std::byte* bytes, uint32_t visits_per_key) : bytes_(bytes), visits_per_key_(visits_per_key) {}

  static constexpr size_t Bytes(uint32_t visits_per_key) {
    return sizeof(Head) + size_t{kEntries} * visits_per_key * sizeof(uint32_t);
  }

  // Brings the head nearer while the lock is being taken: no read overtakes a lock.
  void Prefetch() const {
    for (size_t offset = 0; offset < offsetof(Head, refused_ms); offset += 64) __builtin_prefetch(bytes_ + offset, 1);
  }
  Head& head() const { return *reinterpret_cast<Head*>(bytes_); }
  RateEntry entry(uint32_t i) const {
    auto* rings = reinterpret_cast<uint32_t*>(bytes_ + sizeof(Head));
    return {head().hashes[i], head().logs[i], head().refused_ms[i], rings + size_t{i} * visits_per_key_,
            visits_per_key_,  head().since_ms};
  }

 private:
  std::byte* bytes_;
  uint32_t visits_per_key_;
};

class RateTableFile {
 public:
  static constexpr size_t kBucketsOffset = 4096;

  // keys >= 1, 1 <= visits_per_key <= 65,535.
  static std::unique_ptr<RateTableFile> Open(const std::string& path, uint32_t keys, uint32_t visits_per_key);
  // Throws if Open would, for want of room or of a right. Changes nothing: a table in use stays as it is.
  static void RequireRoom(const std::string& path, uint32_t keys, uint32_t visits_per_key);
  RateTableFile(const RateTableFile&) = delete;
  RateTableFile& operator=(const RateTableFile&) = delete;
  ~RateTableFile();

  RateTableHeader& header() const { return *reinterpret_cast<RateTableHeader*>(bytes_); }
  size_t size() const { return size_; }  // in bytes
  uint32_t bucket_count() const { return bucket_count_; }
  RateBucket bucket(uint32_t i) const {
    return {bytes_ + kBucketsOffset + i * RateBucket::Bytes(visits_per_key_), visits_per_key_};
  }

 private:
  RateTableFile(int fd, const RateTableIdentity& identity);
  static std::unique_ptr<RateTableFile> OpenValid(const std::string& path, const RateTableIdentity& expected);
  static void Replace(const std::string& path, const RateTableIdentity& identity);

  std::byte* bytes_ = nullptr;
  uint32_t visits_per_key_;
  uint32_t bucket_count_;
  size_t size_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_LIMIT_RATE_TABLE_FILE_H_
