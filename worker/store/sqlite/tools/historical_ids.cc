#include "worker/store/sqlite/tools/historical_ids.h"

#include <algorithm>
#include <unordered_map>

namespace page_count {
namespace {

using std::chrono::milliseconds;

// The next free id of one millisecond, or the id after its last (before its first) if there is none.
VisitId NextFree(UtcTime at, VisitOrder order, std::span<const VisitId> taken) {
  const VisitId first = FirstIdAt(at);
  const VisitId end = FirstIdAt(at + milliseconds(1));
  const auto begin = std::lower_bound(taken.begin(), taken.end(), first);
  const auto after = std::lower_bound(begin, taken.end(), end);
  if (order == VisitOrder::kNewestFirst) return (begin == after ? end : *begin) - 1;
  return std::max({first, kNoVisit + 1, begin == after ? kNoVisit : *(after - 1) + 1});
}

}  // namespace

// A list that has the newest first is numbered from a millisecond's end downwards, so that however many more of that
// time its next chunks hold, there is room before those that are there already.
std::vector<VisitId> AllocateHistoricalIds(std::span<const UtcTime> times, VisitOrder order,
                                           std::span<const VisitId> taken) {
  const VisitId step = order == VisitOrder::kNewestFirst ? -1 : 1;
  std::unordered_map<int64_t, VisitId> next_ids;  // by millisecond
  // A millisecond has room for 2^20 visits; what is beyond that (a file that knows days only) goes to the next one.
  const auto take_id = [&](UtcTime at) {
    for (;; at += milliseconds(1)) {
      const auto [next, is_new] = next_ids.try_emplace(at.time_since_epoch().count(), kNoVisit);
      if (is_new) next->second = NextFree(at, order, taken);
      const VisitId id = next->second;
      if (id > kNoVisit && id >= FirstIdAt(at) && id < FirstIdAt(at + milliseconds(1))) {
        next->second += step;
        return id;
      }
    }
  };
  std::vector<VisitId> ids;
  ids.reserve(times.size());
  for (const UtcTime at : times) ids.push_back(take_id(at));
  return ids;
}

}  // namespace page_count
