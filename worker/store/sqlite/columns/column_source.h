// What questions are answered from: the blocks of columns that sealed visits are kept in.
//
// Blocks never overlap in time. Find is for the connection's thread; while that one waits, several threads may read at
// once. Throws StoreError, also for a block that is damaged.
#ifndef PAGE_COUNT_STORE_SQLITE_COLUMNS_COLUMN_SOURCE_H_
#define PAGE_COUNT_STORE_SQLITE_COLUMNS_COLUMN_SOURCE_H_

#include <cstdint>
#include <vector>

#include "worker/store/sqlite/columns/code_column.h"
#include "worker/store/sqlite/log/visit_id.h"
#include "worker/visits/dimension.h"

namespace page_count {

struct Block {
  int64_t id;
  VisitId first;  // of its visits
  VisitId last;
  int64_t visits;
};

class ColumnSource {
 public:
  virtual ~ColumnSource() = default;
  // The blocks that may hold visits from `from` on and before `before`, in the order of time.
  virtual std::vector<Block> Find(VisitId from, VisitId before) = 0;
  // Ascending.
  virtual std::vector<VisitId> ReadTimes(const Block& block) = 0;
  // Of a dictionary.
  virtual CodeColumn ReadColumn(const Block& block, Dimension column) = 0;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_COLUMNS_COLUMN_SOURCE_H_
