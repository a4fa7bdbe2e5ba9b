// A block's visits in the order of their groups: for each visit the number of a group and a value.
//
// Sorting one block after the other takes its memory once. The sorted values stay where the processor has them at hand,
// so that memory which is larger than that is written in runs. One thread's.
#ifndef PAGE_COUNT_STORE_SQLITE_QUESTION_SORTED_VISITS_H_
#define PAGE_COUNT_STORE_SQLITE_QUESTION_SORTED_VISITS_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "worker/store/sqlite/question/code_counts.h"

namespace page_count {

// For each of some visits a number, by way of a code, as columns have them.
struct NumberedVisits {
  std::vector<uint32_t> numbers;    // by code
  std::span<const uint16_t> codes;  // one a visit
};

class SortedVisits {
 public:
  // After any values of a group there is memory of so many more, which may be read.
  static constexpr size_t kPadding = 8;

  void Sort(const NumberedVisits& groups, const NumberedVisits& values);

  // Calls `take(group, values)` for each code of a group that a visit has, with those visits' values.
  template <typename Take>
  void ForEachGroup(const NumberedVisits& groups, Take take) const {
    uint32_t begin = 0;
    for (size_t code = 0; code < ends_.size(); ++code) {
      const uint32_t end = ends_[code];
      if (end > begin) take(groups.numbers[code], std::span(values_).subspan(begin, end - begin));
      begin = end;
    }
  }

 private:
  void FillFromBothEnds(const NumberedVisits& groups, const NumberedVisits& values);

  CodeCounts code_counts_;
  std::vector<uint32_t> ends_;    // by code of a group, of its values; before, where the next one goes
  std::vector<uint32_t> last_;    // where the next one from the back goes
  std::vector<uint32_t> values_;  // of a visit each
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_QUESTION_SORTED_VISITS_H_
