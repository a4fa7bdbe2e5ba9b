// The blocks of the file: reads their columns, and writes new ones.
//
// A block is written once and never changed: what becomes of its visits is another block with another id, so what was
// decoded of a block holds for as long as there is one with that id. Writing inside a write transaction, under the
// maintenance lock. One a connection. While the connection's thread waits for them, other threads may read columns,
// also at once: they take turns at the file, and decode by themselves.
#ifndef PAGE_COUNT_STORE_SQLITE_COLUMNS_BLOCK_TABLE_H_
#define PAGE_COUNT_STORE_SQLITE_COLUMNS_BLOCK_TABLE_H_

#include <array>
#include <span>
#include <string>
#include <vector>

#include "worker/base/mutex.h"
#include "worker/store/sqlite/columns/column_codec.h"
#include "worker/store/sqlite/columns/column_source.h"
#include "worker/store/sqlite/engine/statement.h"

namespace page_count {

// A block before it is written.
struct EncodedBlock {
  VisitId first = kNoVisit;
  VisitId last = kNoVisit;
  int64_t visits = 0;
  std::array<std::string, kBlockColumns> columns;
};

class BlockTable : public ColumnSource {
 public:
  explicit BlockTable(DatabaseHandle& database);

  std::vector<Block> Find(VisitId from, VisitId before) override;
  std::vector<VisitId> ReadTimes(const Block& block) override;
  CodeColumn ReadColumn(const Block& block, Dimension column) override;
  // All of a block's visits, in the order of time.
  std::vector<VisitRow> ReadVisits(const Block& block);
  // Visits from `from` on and before `before`, as many blocks' as make up `at_least` of them.
  std::vector<VisitRow> ReadRange(VisitId from, VisitId before, size_t at_least);

  // Of at most kMaxBlockVisits visits, in the order of time. Decodes what it has encoded: throws StoreError if that is
  // not the same.
  static EncodedBlock Encode(std::span<const VisitRow> visits);
  void Add(const EncodedBlock& block);
  void Delete(const Block& block);

 private:
  std::string ReadBlob(const Block& block, BlockColumn column) EXCLUDES(reading_);
  [[noreturn]] static void ThrowDamaged(const Block& block);

  Statement within_;
  Statement add_;
  Statement delete_;
  Mutex reading_;
  Statement read_column_ GUARDED_BY(reading_);
  Statement add_column_;
  Statement delete_columns_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_COLUMNS_BLOCK_TABLE_H_
