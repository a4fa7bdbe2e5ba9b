#include "worker/store/sqlite/question/scanned_blocks.h"

namespace page_count {

std::optional<VisitRange> ScannedBlocks::FirstAndLast() {
  const auto blocks = Find(range_);
  if (blocks.empty()) return std::nullopt;
  return VisitRange(blocks.front().block.first, blocks.back().block.last);
}

size_t ScannedBlocks::CountAtMost(VisitRange range) {
  size_t visits = 0;
  for (const Found& found : Find(Within(range))) visits += static_cast<size_t>(found.block.visits);
  return visits;
}

// The tail's are the last, in the order of time too.
std::vector<ScannedBlocks::Found> ScannedBlocks::Find(VisitRange range) {
  std::vector<Found> found;
  for (ColumnSource* source : sources_) {
    for (const Block& block : source->Find(range.first, range.second)) found.push_back({source, block});
  }
  return found;
}

}  // namespace page_count
