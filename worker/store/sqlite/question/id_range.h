// A range of visits' ids, narrowed by the conditions that an SQL statement puts on a visit's id or on its timestamp.
//
// Narrowing never leaves out a visit that meets the condition as SQL compares it; it may leave in some that do not.
// Plain values, any thread.
#ifndef PAGE_COUNT_STORE_SQLITE_QUESTION_ID_RANGE_H_
#define PAGE_COUNT_STORE_SQLITE_QUESTION_ID_RANGE_H_

#include <string>
#include <string_view>

#include "worker/store/sqlite/log/visit_id.h"

namespace page_count {

enum class Comparison : char { kEqual = '=', kLess = '<', kAtMost = 'l', kGreater = '>', kAtLeast = 'g' };

struct IdRange {
  VisitId from = kNoVisit;
  VisitId before = kAfterAllVisits;

  bool empty() const { return from >= before; }
  void Clear() { before = from; }

  // Leaves the ids that are equal to, less than, ... `bound`.
  void NarrowById(Comparison comparison, int64_t bound);
  void NarrowById(Comparison comparison, double bound);
  // The same for the timestamps of ids, which are compared with `bound` byte by byte: any text is a bound, as a day
  // alone is less than the day's first second.
  void NarrowByTimestamp(Comparison comparison, std::string_view bound);

 private:
  void RaiseFrom(VisitId least);
  void LowerBefore(VisitId end);
};

// What SQL sees as the timestamp of an id: "2025-09-14 10:30:00".
std::string TimestampOf(VisitId id);

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_QUESTION_ID_RANGE_H_
