// Counts pairs of a group and a value exactly, in bounded memory: of each group the visits by value, or the distinct
// values.
//
// Groups and values are numbers from 0 on. Whoever asks knows how many visits each group has. A group with few of them
// keeps its visits' values as a list, in the room that is laid out for it; one with many keeps a counter, or a bit, for
// each value. A table takes a range of groups, as many as there is memory for; the next range takes a table and a pass
// over the visits of its own. Visits are added a block at a time, each group's in one go.
//
// Threads may add at once, and later count at once, each with a scratch of its own. The groups are in parts, of
// which one thread at a time adds to each.
#ifndef PAGE_COUNT_STORE_SQLITE_QUESTION_PAIR_TABLE_H_
#define PAGE_COUNT_STORE_SQLITE_QUESTION_PAIR_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "worker/store/sqlite/question/group_parts.h"
#include "worker/store/sqlite/question/mapped_memory.h"

namespace page_count {

class PairTable {
 public:
  enum class Keeps { kCounts, kDistinct };

  // What a thread adds and counts in, the same for one block after the other.
  struct Scratch {
    GroupParts::Scratch parts = {};
    // Of one list, by value; between lists all are zero.
    std::vector<uint32_t> counts = {};
    std::vector<uint64_t> bits = {};
    std::vector<uint32_t> list = {};  // sorted
  };

  // Of groups from `first_group` on; values are below `values_end`.
  PairTable(Keeps keeps, size_t first_group, size_t values_end);

  // Lays out room for the next group. False if there is no memory for it; there always is for one.
  bool AddGroup(int64_t visits);
  size_t groups_end() const { return first_group_ + groups_.size(); }
  // After all groups.
  void Allocate();

  // A visit of any other group is left out.
  bool HasAnyOf(const NumberedVisits& groups) const;
  void AddVisits(const NumberedVisits& groups, const NumberedVisits& values, Scratch& scratch);

  // After all visits. Calls `take` for each value, ascending.
  using Take = std::function<void(size_t value, int64_t visits)>;
  void ForEachCount(size_t group, Scratch& scratch, const Take& take) const;
  // Between calls `bits` are all zero.
  int64_t CountDistinct(size_t group, std::vector<uint64_t>& bits) const;

 private:
  // Of memory, eight bytes a group.
  struct Group {
    uint32_t at;      // of a list, in lists_, where its next value goes; else in words_
    uint32_t visits;  // of a list; else kNoList

    bool is_list() const { return visits != kNoList; }
  };
  static constexpr uint32_t kNoList = UINT32_MAX;

  void AddRuns(std::span<const GroupRun> runs);
  void AddToWords(const Group& group, std::span<const uint32_t> values);
  std::span<const uint32_t> ListOf(const Group& group) const {
    return {lists_ + group.at - group.visits, group.visits};
  }
  std::span<const uint64_t> WordsOf(const Group& group) const { return words_.subspan(group.at, words_a_group_); }

  Keeps keeps_;
  size_t first_group_;
  size_t values_end_;
  size_t words_a_group_;  // of one that keeps no list
  size_t bytes_ = 0;
  std::vector<Group> groups_;
  MappedMemory memory_;        // of both:
  std::span<uint64_t> words_;  // counters, or bits
  uint32_t* lists_ = nullptr;
  size_t lists_size_ = 0;
  size_t words_size_ = 0;
  GroupParts parts_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_QUESTION_PAIR_TABLE_H_
