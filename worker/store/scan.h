// A scan of the visits in full, newest first, or after a visit oldest first, in chunks.
//
// Plain values: a cursor holds nothing open, so it may be kept for hours.
#ifndef PAGE_COUNT_STORE_SCAN_H_
#define PAGE_COUNT_STORE_SCAN_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "worker/store/question.h"
#include "worker/visits/utc_time.h"

namespace page_count {

// The visits at `from` or later and before `before`, newest first; of those `offset` are skipped. With `after` oldest
// first, and of those only the visits with a greater id, up to that of `up_to`.
struct ScanRange {
  std::optional<UtcTime> from = std::nullopt;
  std::optional<UtcTime> before = std::nullopt;
  int64_t offset = 0;
  std::optional<int64_t> limit = std::nullopt;
  Question::Bots bots = Question::Bots::kInclude;
  std::optional<int64_t> after = std::nullopt;
  std::optional<int64_t> up_to = std::nullopt;
  std::vector<Dimension> attributes = {};  // that are wanted of each visit
  bool wants_titles = false;
};

// A scan under way: what is left of its range.
struct ScanCursor {
  ScanRange left = {};
  std::optional<int64_t> mark = std::nullopt;   // how far the scan is, in the store's own terms,
  std::optional<uint64_t> file = std::nullopt;  // and in which of its files
  bool is_over = false;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SCAN_H_
