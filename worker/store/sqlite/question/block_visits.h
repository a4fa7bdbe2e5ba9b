// The visits of one block, or of the tail, that a question is about, and what it wants to know of each.
//
// Columns are read when they are first asked for, and kept for as long as this lives. One thread's.
#ifndef PAGE_COUNT_STORE_SQLITE_QUESTION_BLOCK_VISITS_H_
#define PAGE_COUNT_STORE_SQLITE_QUESTION_BLOCK_VISITS_H_

#include <array>
#include <optional>
#include <span>
#include <vector>

#include "worker/store/sqlite/columns/column_source.h"
#include "worker/visits/dimension.h"

namespace page_count {

// For each column the ids of which a visit must have one; nullopt is any.
using IdFilters = std::array<std::optional<std::vector<int64_t>>, kColumns>;

class BlockVisits {
 public:
  // Borrows both.
  BlockVisits(ColumnSource& source, const Block& block) : source_(source), block_(block) {}

  // Leaves out what is not in the range, or has none of the ids.
  void Select(VisitId from, VisitId before, const IdFilters& filters);

  // How many are selected, and whether all of the block are.
  size_t size() const { return positions_ ? positions_->size() : end_ - begin_; }
  bool is_whole() const { return !positions_ && end_ - begin_ == static_cast<size_t>(block_.visits); }
  // Of a dictionary's column.
  const CodeColumn& Column(Dimension column);
  const std::vector<VisitId>& Times();
  // Calls `take(place)` with the place of each selected visit in the block's columns, in the order of time.
  template <typename Take>
  void ForEach(Take take) const {
    if (positions_) {
      for (const uint16_t position : *positions_) take(static_cast<size_t>(position));
    } else {
      for (size_t position = begin_; position < end_; ++position) take(position);
    }
  }

 private:
  void Filter(Dimension column, const std::vector<int64_t>& wanted);

  ColumnSource& source_;
  const Block& block_;
  size_t begin_ = 0;
  size_t end_ = static_cast<size_t>(block_.visits);
  std::optional<std::vector<uint16_t>> positions_;  // of the selected visits, if they are no range
  std::optional<std::vector<VisitId>> times_;
  std::array<std::optional<CodeColumn>, kColumns> columns_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_QUESTION_BLOCK_VISITS_H_
