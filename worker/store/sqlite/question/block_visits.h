// The visits of one block that a question is about, and what it wants to know of each.
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

// A dimension of the selected visits, as a CodeColumn has it; some of the keys may be of other visits only.
struct SelectedKeys {
  std::span<const int64_t> keys;    // ids, or hours since 1970; ascending
  std::span<const uint16_t> codes;  // one a selected visit, in the order of time
};

class BlockVisits {
 public:
  // Borrows both.
  BlockVisits(ColumnSource& source, const Block& block) : source_(source), block_(block) {}

  // Leaves out what is not in the range, or has none of the ids.
  void Select(VisitId from, VisitId before, const IdFilters& filters);

  // How many are selected, and whether all of the block are.
  size_t size() const { return positions_ ? positions_->size() : end_ - begin_; }
  bool is_whole() const { return !positions_ && end_ - begin_ == static_cast<size_t>(block_.visits); }
  // Valid for as long as this is.
  SelectedKeys KeysOf(Dimension dimension);
  // Of all visits of the block.
  const CodeColumn& Column(Dimension dimension);
  const std::vector<VisitId>& Times();

 private:
  CodeColumn ReadHours();
  void Filter(Dimension column, const std::vector<int64_t>& wanted);
  // Calls `take(position)` with the place of each selected visit in the block's columns, in the order of time.
  template <typename Take>
  void ForEach(Take take) const;

  ColumnSource& source_;
  const Block& block_;
  size_t begin_ = 0;
  size_t end_ = static_cast<size_t>(block_.visits);
  std::optional<std::vector<uint16_t>> positions_;  // of the selected visits, if they are no range
  std::optional<std::vector<VisitId>> times_;
  std::array<std::optional<CodeColumn>, kColumns + 1> columns_;     // the hours are the last
  std::array<std::vector<uint16_t>, kColumns + 1> selected_codes_;  // of those, if there are positions
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_QUESTION_BLOCK_VISITS_H_
