// Counts the distinct values of each group, of which nobody needs to know how many visits it has.
//
// Groups and values are numbers from 0 on. A group's values are a list at first, in chunks that are linked backwards;
// once a bit for each value takes less, they are bits. All memory is one arena. When it is used up, the later half of
// the groups is given up for the others; those take a pass of their own. What one group alone takes too much for is
// counted by PairTable.
//
// Threads may add at once, and later count at once, each with a scratch of its own.
#ifndef PAGE_COUNT_STORE_SQLITE_QUESTION_GROWING_SETS_H_
#define PAGE_COUNT_STORE_SQLITE_QUESTION_GROWING_SETS_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "worker/store/sqlite/question/group_parts.h"
#include "worker/store/sqlite/question/mapped_memory.h"

namespace page_count {

class GrowingSets {
 public:
  using Scratch = GroupParts::Scratch;

  // As much memory as these always fit in: list and bits of a group are each at most four bytes a visit.
  static size_t BytesFor(size_t groups, size_t visits) { return (64 << 10) + 1'024 * groups + 9 * visits; }

  // Of `groups` from `first_group` on, in so many bytes of memory, beside eight a group.
  GrowingSets(size_t first_group, size_t groups, size_t values_end, size_t bytes);

  // A visit of any other group is left out.
  void AddVisits(const NumberedVisits& groups, const NumberedVisits& values, Scratch& scratch);

  // After all visits: those before have been counted. None has been if there was not memory for one.
  size_t groups_end() const { return first_group_ + kept_; }
  // Between calls `bits` are all zero.
  int64_t CountDistinct(size_t group, std::vector<uint64_t>& bits) const;

 private:
  // Of its list, where the next value goes, and how many there are; or where its bits are. Nothing has place 0.
  struct Group {
    uint32_t at = 0;
    uint32_t visits = 0;
  };
  // What a part of the groups has of the arena: chunks that were never used, and a list of such as were.
  struct Chunks {
    uint32_t next = 0;
    size_t left = 0;
    uint32_t free = 0;
  };
  static constexpr uint32_t kBits = UINT32_MAX;  // in place of visits

  // Takes off the front what it has added; false if there is no memory for the rest.
  bool AddRuns(std::span<GroupRun>& runs, size_t kept);
  bool AddToList(size_t group, std::span<const uint32_t>& values);
  void KeepHalfOf(size_t kept);
  void TurnIntoBits(size_t group);
  // A place in the arena; 0 if none is left.
  uint32_t TakeChunk(size_t group);
  uint32_t TakeZeros(size_t chunks);
  // Of a list of chunks that nobody has any more: `free` is its end.
  uint32_t TakeOff(uint32_t& free);
  void GiveBack(const Group& list, uint32_t& free);
  void GiveBackBits(uint32_t at) REQUIRES(given_up_lock_);
  size_t ChunksOfBits() const;
  std::span<uint64_t> BitsAt(uint32_t at) const;
  // Calls `take(values)` for each chunk of a list, from the last back.
  template <typename ForChunk>
  void ForEachChunk(const Group& list, ForChunk take) const;

  size_t first_group_;
  size_t values_end_;
  size_t most_in_list_;
  std::vector<Group> groups_;
  MappedMemory memory_;
  uint32_t* arena_;
  size_t chunks_end_;
  std::atomic<size_t> kept_;  // of the groups
  GroupParts parts_;
  Mutex giving_up_;
  Mutex given_up_lock_;
  uint32_t given_up_ GUARDED_BY(given_up_lock_) = 0;  // a list of chunks
  std::atomic<size_t> next_chunk_ = 1;
  std::array<Chunks, GroupParts::kParts> chunks_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_QUESTION_GROWING_SETS_H_
