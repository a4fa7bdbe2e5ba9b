#include "worker/store/sqlite/question/sorted_visits.h"

#include <numeric>

namespace page_count {
namespace {

// Of few groups, a visit often has that of the one before, and would have to wait until that one's place is taken. So
// visits are taken in turn from the first on and from the last back, and each group is filled from both ends.
constexpr size_t kFewGroups = 2'048;

}  // namespace

void SortedVisits::Sort(const NumberedVisits& groups, const NumberedVisits& values) {
  const auto visits = code_counts_.Count(groups.codes, groups.numbers.size());
  ends_.resize(visits.size());
  values_.resize(groups.codes.size() + kPadding);
  std::exclusive_scan(visits.begin(), visits.end(), ends_.begin(), uint32_t{0});
  if (visits.size() <= kFewGroups) {
    last_.resize(visits.size());
    std::inclusive_scan(visits.begin(), visits.end(), last_.begin());
    FillFromBothEnds(groups, values);
    std::inclusive_scan(visits.begin(), visits.end(), ends_.begin());
  } else {
    // What says where the next value of a group goes says in the end where its values end.
    for (size_t i = 0; i < groups.codes.size(); ++i) {
      values_[ends_[groups.codes[i]]++] = values.numbers[values.codes[i]];
    }
  }
}

void SortedVisits::FillFromBothEnds(const NumberedVisits& groups, const NumberedVisits& values) {
  const auto put = [&](size_t visit, uint32_t place) { values_[place] = values.numbers[values.codes[visit]]; };
  const size_t size = groups.codes.size();
  for (size_t i = 0; i < size / 2; ++i) {
    put(i, ends_[groups.codes[i]]++);
    put(size - 1 - i, --last_[groups.codes[size - 1 - i]]);
  }
  if (size % 2 == 1) put(size / 2, ends_[groups.codes[size / 2]]);
}

}  // namespace page_count
