// Ids for visits that have their times already; they may lie anywhere in the past.
//
// Those of one time keep the list's order among themselves, and towards the same list's earlier chunks. If too many
// share one millisecond some come up to kOverflow later.
#ifndef PAGE_COUNT_STORE_SQLITE_TOOLS_HISTORICAL_IDS_H_
#define PAGE_COUNT_STORE_SQLITE_TOOLS_HISTORICAL_IDS_H_

#include <chrono>
#include <span>
#include <vector>

#include "worker/store/sqlite/log/visit_id.h"
#include "worker/visits/visit.h"

namespace page_count {

inline constexpr std::chrono::seconds kIdOverflow{1};

// An id a visit, which have these times. `taken` are the ids that were given out already from the oldest of these
// visits on until kIdOverflow after the newest, ascending.
std::vector<VisitId> AllocateHistoricalIds(std::span<const UtcTime> times, VisitOrder order,
                                           std::span<const VisitId> taken);

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_TOOLS_HISTORICAL_IDS_H_
