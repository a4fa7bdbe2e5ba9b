// How the groups of a question are numbered: by one number, or by two of which the first is for large parts.
//
// A key's own number is how far it comes after its dimension's first. One dimension is one number, unless it has too
// many keys for an array: then the first number has the high bits, and the second the low ones. Two dimensions are two;
// the first is the interval, if it is one of them, for an interval's visits are together, and else the one with fewer
// keys.
#ifndef PAGE_COUNT_STORE_SQLITE_QUESTION_GROUPING_H_
#define PAGE_COUNT_STORE_SQLITE_QUESTION_GROUPING_H_

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "worker/store/question.h"
#include "worker/store/sqlite/log/visit_id.h"
#include "worker/store/sqlite/question/block_visits.h"
#include "worker/store/sqlite/question/pair_table.h"

namespace page_count {

// The keys that a dimension can have: from `first` on, `count` of them.
struct KeySpace {
  Dimension dimension;
  int64_t first;
  int64_t count;
};

// By the keys' own numbers.
NumberedVisits NumberVisits(BlockVisits& visits, const KeySpace& space);

class Grouping {
 public:
  // Of the question's one or two dimensions, in their order.
  Grouping(std::vector<KeySpace> spaces, const Intervals& intervals);

  bool has_second() const { return is_split_ || spaces_.size() == 2; }
  size_t firsts_end() const;
  size_t seconds_end() const;
  NumberedVisits FirstsOf(BlockVisits& visits) const;
  NumberedVisits SecondsOf(BlockVisits& visits) const;
  // With the keys in the question's order.
  Figures::Row RowOf(size_t first, size_t second, int64_t count) const;
  size_t FirstOf(const Figures::Row& row) const;
  // The place of the key by which rows of one first number are told apart.
  size_t second_key() const { return spaces_.size() == 2 && !is_swapped_ ? 1 : 0; }
  // Between which ids the visits are that have one of the first numbers from `first` on and before `end`.
  std::pair<VisitId, VisitId> RangeOf(size_t first, size_t end) const;

 private:
  Intervals intervals_;
  std::vector<KeySpace> spaces_;  // of the first number, and the second
  bool is_swapped_ = false;       // against the question's order
  bool is_split_;                 // one dimension is two numbers
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_QUESTION_GROUPING_H_
