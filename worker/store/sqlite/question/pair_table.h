// Counts pairs of a group and a value exactly, in bounded memory: of each group the visits by value, or the distinct
// values.
//
// Groups and values are numbers from 0 on. Whoever asks knows how many visits each group has. A group with few of them
// keeps its visits' values as a list, in the room that is laid out for it; one with many keeps a counter, or a bit, for
// each value. A table takes a range of groups, as many as there is memory for; the next range takes a table and a pass
// over the visits of its own. Adding sorts a block's visits by their groups: lists grow in place, and a group's
// counters or bits are touched in one go. One thread's.
#ifndef PAGE_COUNT_STORE_SQLITE_QUESTION_PAIR_TABLE_H_
#define PAGE_COUNT_STORE_SQLITE_QUESTION_PAIR_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "worker/store/sqlite/question/code_counts.h"

namespace page_count {

// For each of some visits a number, by way of a code, as columns have them.
struct NumberedVisits {
  std::vector<uint32_t> numbers;    // by code
  std::span<const uint16_t> codes;  // one a visit
};

class PairTable {
 public:
  enum class Keeps { kCounts, kDistinct };

  // Of groups from `first_group` on; values are below `values_end`.
  PairTable(Keeps keeps, size_t first_group, size_t values_end);

  // Lays out room for the next group. False if there is no memory for it; there always is for one.
  bool AddGroup(int64_t visits);
  size_t groups_end() const { return first_group_ + groups_.size(); }

  // After all groups. A visit of any other group is left out.
  bool HasAnyOf(const NumberedVisits& groups) const;
  void AddVisits(const NumberedVisits& groups, const NumberedVisits& values);

  // After all visits; once for each group. Calls `take` for each value, ascending.
  using Take = std::function<void(size_t value, int64_t visits)>;
  void ForEachCount(size_t group, const Take& take);
  int64_t CountDistinct(size_t group);

 private:
  // Of memory, eight bytes a group.
  struct Group {
    uint32_t at;      // of a list, in lists_, where its next value goes; else in words_
    uint32_t visits;  // of a list; else kNoList

    bool is_list() const { return visits != kNoList; }
  };
  static constexpr uint32_t kNoList = UINT32_MAX;

  void LayOut();
  void AddToWords(const Group& group, std::span<const uint32_t> values);
  std::span<uint32_t> ListOf(const Group& group) {
    return std::span(lists_).subspan(group.at - group.visits, group.visits);
  }
  void ForEachOfSorted(std::span<uint32_t> list, const Take& take);
  void ForEachOfCounted(std::span<const uint32_t> list, const Take& take);

  Keeps keeps_;
  size_t first_group_;
  size_t values_end_;
  size_t words_a_group_;  // of one that keeps no list
  size_t bytes_ = 0;
  std::vector<Group> groups_;
  std::vector<uint32_t> lists_;
  std::vector<uint64_t> words_;  // counters, or bits
  size_t lists_size_ = 0;
  size_t words_size_ = 0;
  CodeCounts code_counts_;
  std::vector<uint32_t*> next_;         // by code of a group, where its next value goes
  std::vector<uint32_t> other_values_;  // of a block's visits of groups that keep no list
  // Of one list, by value; between lists all are zero.
  std::vector<uint32_t> list_counts_;
  std::vector<uint64_t> list_bits_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_QUESTION_PAIR_TABLE_H_
