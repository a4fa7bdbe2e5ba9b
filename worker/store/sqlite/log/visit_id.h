// A visit's id is its time: UTC milliseconds << 20 | number within the millisecond. So the log is in the order of time
// without an index, and no two visits share an id.
#ifndef PAGE_COUNT_STORE_SQLITE_LOG_VISIT_ID_H_
#define PAGE_COUNT_STORE_SQLITE_LOG_VISIT_ID_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "worker/visits/dimension.h"
#include "worker/visits/utc_time.h"

namespace page_count {

using VisitId = int64_t;

constexpr VisitId kNoVisit = 0;
constexpr VisitId kAfterAllVisits = std::numeric_limits<VisitId>::max();

// The smallest id that a visit at `time` or later can have. A time too late for any id (the year 2248) lies after all
// visits.
constexpr VisitId FirstIdAt(UtcTime time) {
  const int64_t milliseconds = time.time_since_epoch().count();
  return milliseconds > (kAfterAllVisits >> 20) ? kAfterAllVisits : milliseconds << 20;
}
constexpr UtcTime TimeOf(VisitId id) { return UtcTime(std::chrono::milliseconds(id >> 20)); }

// A number for each column: of a visit its texts' ids.
using TextIds = std::array<int64_t, kColumns>;

// A visit by the ids of its texts. A client below 0 has no id yet: see log_tail.h. A source of 0 is none.
struct VisitRow {
  VisitId id;
  TextIds texts;

  int64_t page() const { return texts[IndexOf(Dimension::kPage)]; }
  int64_t client() const { return texts[IndexOf(Dimension::kClient)]; }

  friend bool operator==(const VisitRow&, const VisitRow&) = default;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_LOG_VISIT_ID_H_
