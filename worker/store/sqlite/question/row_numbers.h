// Which row of the result each visit counts in: numbers its group if that takes two numbers.
//
// The rows are those of all groups that have a visit, ordered by the grouping's first number and second. Borrows both.
// Threads may ask at once, each with a scratch of its own.
#ifndef PAGE_COUNT_STORE_SQLITE_QUESTION_ROW_NUMBERS_H_
#define PAGE_COUNT_STORE_SQLITE_QUESTION_ROW_NUMBERS_H_

#include <cstdint>
#include <utility>
#include <vector>

#include "worker/store/sqlite/question/grouping.h"
#include "worker/store/sqlite/question/groups.h"

namespace page_count {

class RowNumbers {
 public:
  RowNumbers(const Grouping& grouping, const Groups& rows);

  // Between which ids the visits of those rows are.
  std::pair<VisitId, VisitId> RangeOf(size_t first, size_t end) const {
    return grouping_.RangeOf(grouping_.FirstOf(rows_[first]), grouping_.FirstOf(rows_[end - 1]) + 1);
  }

  // The same for one block after the other.
  struct Scratch {
    CodeCounts code_counts = {};
    std::vector<uint16_t> by_second = {};
    std::vector<uint16_t> sorted = {};
    std::vector<uint16_t> codes = {};
  };
  // Those from `first` on and before `end`; visits of any other row have a number outside. Valid until the next call
  // with the scratch, and for as long as the visits are.
  NumberedVisits Of(BlockVisits& visits, size_t first, size_t end, Scratch& scratch) const;

 private:
  // The first row from `row` on and before `end`, of one first number, the keys of which are not before those of
  // `wanted`.
  size_t Find(size_t row, size_t end, const Figures::Row& wanted) const;
  // The places of the visits in the order of their first number and second, as codes have them.
  static void SortVisits(const NumberedVisits& firsts, const NumberedVisits& seconds, Scratch& scratch);

  const Grouping& grouping_;
  const Groups& rows_;
  std::vector<size_t> begins_;  // by first number, its rows; those of the next are their end
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_QUESTION_ROW_NUMBERS_H_
