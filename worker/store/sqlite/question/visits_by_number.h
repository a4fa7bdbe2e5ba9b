// How many visits each of some numbers has, of the blocks that one thread counts.
#ifndef PAGE_COUNT_STORE_SQLITE_QUESTION_VISITS_BY_NUMBER_H_
#define PAGE_COUNT_STORE_SQLITE_QUESTION_VISITS_BY_NUMBER_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "worker/store/sqlite/question/code_counts.h"
#include "worker/store/sqlite/question/sorted_visits.h"

namespace page_count {

class VisitsByNumber {
 public:
  // Of so many numbers from `first` on.
  VisitsByNumber(size_t first, size_t numbers) : first_(first), counts_(numbers) {}

  // A block's visits; one of any other number is left out.
  void Add(const NumberedVisits& visits) {
    const auto by_code = code_counts_.Count(visits.codes, visits.numbers.size());
    for (size_t code = 0; code < by_code.size(); ++code) {
      const size_t place = visits.numbers[code] - first_;
      if (by_code[code] > 0 && place < counts_.size()) counts_[place] += by_code[code];
    }
  }
  // Another thread's, of the same numbers.
  void Add(const VisitsByNumber& other) {
    std::transform(counts_.begin(), counts_.end(), other.counts_.begin(), counts_.begin(), std::plus());
  }

  std::vector<int64_t>& counts() { return counts_; }

 private:
  size_t first_;
  std::vector<int64_t> counts_;
  CodeCounts code_counts_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_QUESTION_VISITS_BY_NUMBER_H_
