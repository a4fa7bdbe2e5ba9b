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
#include "worker/store/sqlite/question/attribute_codes.h"
#include "worker/store/sqlite/question/id_set.h"
#include "worker/visits/dimension.h"
#include "worker/visits/intervals.h"

namespace page_count {

// For each column the ids of which a visit must have one; nullopt is any.
using IdFilters = std::array<std::optional<IdSet>, kColumns>;

// What follows from a visit's ids and its time. Borrows the codes; those that nobody asks for are null.
struct DerivedKeys {
  std::array<const AttributeCodes*, kTexts> attributes = {};
  Intervals intervals = {};
};

// A dimension of the selected visits, as a CodeColumn has it; some of the keys may be of other visits only.
struct SelectedKeys {
  std::span<const int64_t> keys;    // ids, codes of an attribute, or numbers of intervals; ascending
  std::span<const uint16_t> codes;  // one a selected visit, in the order of time
};

class BlockVisits {
 public:
  // Borrows all of them. Without `derived` there are only columns.
  BlockVisits(ColumnSource& source, const Block& block, const DerivedKeys* derived = nullptr)
      : source_(source), block_(block), derived_(derived) {}

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
  CodeColumn DeriveColumn(Dimension dimension);
  CodeColumn ReadIntervals();
  void Filter(Dimension column, const IdSet& wanted);
  // Calls `take(position)` with the place of each selected visit in the block's columns, in the order of time.
  template <typename Take>
  void ForEach(Take take) const;

  ColumnSource& source_;
  const Block& block_;
  const DerivedKeys* derived_;
  size_t begin_ = 0;
  size_t end_ = static_cast<size_t>(block_.visits);
  std::optional<std::vector<uint16_t>> positions_;  // of the selected visits, if they are no range
  std::optional<std::vector<VisitId>> times_;
  std::array<std::optional<CodeColumn>, kTexts + 1> columns_;     // the intervals are the last
  std::array<std::vector<uint16_t>, kTexts + 1> selected_codes_;  // of those, if there are positions
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_QUESTION_BLOCK_VISITS_H_
