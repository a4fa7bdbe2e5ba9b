// A division of time into intervals that follow each other: hours, days, or those between a list of instants.
//
// An interval is a number; numbers ascend as time does. Times before the first instant of a list, or at the last or
// later, belong to no interval: whoever counts by a list leaves them out. A plain value, any thread.
#ifndef PAGE_COUNT_VISITS_INTERVALS_H_
#define PAGE_COUNT_VISITS_INTERVALS_H_

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <utility>
#include <vector>

#include "worker/visits/utc_time.h"

namespace page_count {

class Intervals {
 public:
  // Hours, UTC.
  Intervals() = default;
  // Of one length, one of which begins at `start`.
  static Intervals Every(std::chrono::milliseconds length, UtcTime start = {}) {
    Intervals intervals;
    intervals.length_ = length;
    intervals.start_ = start;
    return intervals;
  }
  // Ascending, two of them or more: interval 0 is from the first one to the second.
  static Intervals Between(std::vector<UtcTime> edges) {
    Intervals intervals;
    intervals.edges_ = std::move(edges);
    return intervals;
  }

  // The same intervals, each so much earlier.
  Intervals Earlier(std::chrono::milliseconds time) const {
    Intervals earlier = *this;
    earlier.start_ -= time;
    for (UtcTime& edge : earlier.edges_) edge -= time;
    return earlier;
  }

  int64_t IndexOf(UtcTime at) const {
    if (!edges_.empty()) return std::upper_bound(edges_.begin(), edges_.end(), at) - edges_.begin() - 1;
    const auto since = (at - start_).count();
    const auto length = length_.count();
    return (since >= 0 ? since : since - length + 1) / length;
  }
  UtcTime StartOf(int64_t index) const {
    if (edges_.empty()) return start_ + index * length_;
    return index < 0 ? UtcTime() : index < std::ssize(edges_) ? edges_[static_cast<size_t>(index)] : UtcTime::max();
  }

  friend bool operator==(const Intervals&, const Intervals&) = default;

 private:
  std::chrono::milliseconds length_ = std::chrono::hours(1);
  UtcTime start_{};
  std::vector<UtcTime> edges_;  // in place of both, unless it is empty
};

}  // namespace page_count

#endif  // PAGE_COUNT_VISITS_INTERVALS_H_
