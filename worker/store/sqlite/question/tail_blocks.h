// The tail in the shape of blocks, so that a scan has one way to look at visits.
//
// Columns are built whenever they are read: a tail is short. Borrows the visits, which are in the order of time.
#ifndef PAGE_COUNT_STORE_SQLITE_QUESTION_TAIL_BLOCKS_H_
#define PAGE_COUNT_STORE_SQLITE_QUESTION_TAIL_BLOCKS_H_

#include <span>
#include <vector>

#include "worker/store/sqlite/columns/column_source.h"

namespace page_count {

class TailBlocks : public ColumnSource {
 public:
  explicit TailBlocks(std::span<const VisitRow> visits) : visits_(visits) {}

  std::vector<Block> Find(VisitId from, VisitId before) override;
  std::vector<VisitId> ReadTimes(const Block& block) override;
  CodeColumn ReadColumn(const Block& block, Dimension column) override;

 private:
  // A block's id is the place of its first visit.
  std::span<const VisitRow> VisitsOf(const Block& block) const {
    return visits_.subspan(static_cast<size_t>(block.id), static_cast<size_t>(block.visits));
  }

  std::span<const VisitRow> visits_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_QUESTION_TAIL_BLOCKS_H_
