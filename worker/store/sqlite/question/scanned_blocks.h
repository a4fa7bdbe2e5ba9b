// The blocks that a question is counted from, those of the source and those of the tail, spread over threads.
//
// A piece of work is a block; what is read of it is the thread's own. Borrows all. Throws StoreError.
#ifndef PAGE_COUNT_STORE_SQLITE_QUESTION_SCANNED_BLOCKS_H_
#define PAGE_COUNT_STORE_SQLITE_QUESTION_SCANNED_BLOCKS_H_

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "worker/store/sqlite/question/block_visits.h"
#include "worker/store/sqlite/question/scan_question.h"
#include "worker/store/sqlite/question/scan_threads.h"
#include "worker/store/sqlite/question/tail_blocks.h"

namespace page_count {

using VisitRange = std::pair<VisitId, VisitId>;  // from the first on and before the second

class ScannedBlocks {
 public:
  ScannedBlocks(ColumnSource& source, std::span<const VisitRow> tail, const ScanQuestion& question,
                const ScanThreads& threads)
      : tail_(tail),
        sources_{&source, &tail_},
        range_(question.from, question.before),
        question_(question),
        threads_(threads) {}

  // The ids of the first visit and the last in the blocks of the range; nullopt if there are none.
  std::optional<VisitRange> FirstAndLast();

  // How many visits the blocks of `range` have, whether the question is about them or not.
  size_t CountAtMost(VisitRange range);

  // Calls `take(state, visits)` for each block of `range` with visits that the question is about. Each thread has a
  // `State` of its own; returns them.
  template <typename State, typename Take>
  std::vector<State> ForEach(VisitRange range, const State& state, size_t most_threads, Take take) {
    range = Within(range);
    const auto blocks = Find(range);
    const ScanThreads threads(std::min(most_threads, threads_.most()));
    return threads.ForEach(blocks.size(), state, [&](State& of_thread, size_t piece) {
      BlockVisits visits(*blocks[piece].source, blocks[piece].block, &question_.derived);
      visits.Select(range.first, range.second, question_.filters);
      if (visits.size() > 0) take(of_thread, visits);
    });
  }

 private:
  struct Found {
    ColumnSource* source;
    Block block;
  };
  VisitRange Within(VisitRange range) const {
    return {std::max(range.first, range_.first), std::min(range.second, range_.second)};
  }
  std::vector<Found> Find(VisitRange range);

  TailBlocks tail_;
  std::array<ColumnSource*, 2> sources_;
  VisitRange range_;
  const ScanQuestion& question_;
  const ScanThreads& threads_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_QUESTION_SCANNED_BLOCKS_H_
