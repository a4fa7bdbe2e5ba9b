// Which group of a question each visit belongs to, as a number: groups are counted in arrays.
//
// Numbers are the ids (or hours) themselves if all that are possible make a small enough array, else they are given out
// as groups come. One thread's.
#ifndef PAGE_COUNT_STORE_SQLITE_QUESTION_GROUPING_H_
#define PAGE_COUNT_STORE_SQLITE_QUESTION_GROUPING_H_

#include <array>
#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "worker/store/sqlite/log/log_state.h"
#include "worker/store/sqlite/question/block_visits.h"
#include "worker/store/sqlite/question/groups.h"

namespace page_count {

class Grouping {
 public:
  // The keys that a dimension can have: from `first` on, `count` of them.
  struct Keys {
    int64_t first = 0;
    int64_t count = 1;
  };
  Grouping(std::vector<Dimension> group_by, const std::vector<Keys>& keys);

  // Whether all numbers that there can be are known from the start.
  bool is_dense() const { return is_dense_; }
  // How many numbers there are so far.
  size_t size() const { return is_dense_ ? static_cast<size_t>(keys_[0].count * keys_[1].count) : given_.size(); }
  // Appends the number of each selected visit's group.
  void Number(BlockVisits& visits, std::vector<uint32_t>& groups);
  uint32_t NumberOf(const VisitRow& visit);
  std::array<int64_t, 2> KeysOf(size_t group) const;

 private:
  // Of each selected visit, how far its key is after the dimension's first, times `factor`; added to `places`.
  void AddPlaces(BlockVisits& visits, size_t dimension, int64_t factor, std::span<uint64_t> places) const;
  void AddHours(BlockVisits& visits, int64_t first, int64_t factor, std::span<uint64_t> places) const;

  std::vector<Dimension> group_by_;
  std::array<Keys, 2> keys_;
  bool is_dense_;
  std::vector<uint64_t> given_;  // which place a number stands for
  std::unordered_map<uint64_t, uint32_t> numbers_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_QUESTION_GROUPING_H_
