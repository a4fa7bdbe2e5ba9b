// Deletes visits, and then the texts that no visit refers to any more.
//
// A block at a time, in short transactions that each leave a file whose every figure is exact: whole blocks go, one
// that lies partly in the range is written again. The maintenance counts later who visited
// which page (client_counter.h). Only under the maintenance lock; it takes the write lock itself. One a connection.
#ifndef PAGE_COUNT_STORE_SQLITE_COLUMNS_PRUNER_H_
#define PAGE_COUNT_STORE_SQLITE_COLUMNS_PRUNER_H_

#include <array>
#include <functional>
#include <span>
#include <unordered_set>
#include <vector>

#include "worker/store/sqlite/columns/attribute_table.h"
#include "worker/store/sqlite/columns/block_table.h"
#include "worker/store/sqlite/columns/client_counter.h"
#include "worker/store/sqlite/engine/connection.h"
#include "worker/store/sqlite/engine/database_lock.h"
#include "worker/store/sqlite/engine/statement.h"
#include "worker/store/sqlite/log/log_state.h"
#include "worker/store/sqlite/log/page_total_table.h"

namespace page_count {

class Pruner {
 public:
  // Borrows all of them. `between` is called after each transaction.
  Pruner(Connection& connection, const DatabaseLock& writer, ClientCounter& counter, std::function<void()> between);

  // Deletes the sealed visits from `from` on and before `before`. Returns how many.
  int64_t DeleteSealed(VisitId from, VisitId before);
  // Once all sealed visits from `from` on are deleted: deletes the few that are not sealed, in one transaction, and the
  // memory of ids that were given out after the newest visit left. Returns how many.
  int64_t DeleteTail(VisitId from);
  // Deletes the texts that no visit refers to.
  void DeleteTexts();

 private:
  using Ids = std::unordered_set<int64_t>;

  // The ids that visits refer to: in blocks, and in the tail up to a visit.
  struct InUse {
    std::array<Ids, kColumns> ids;
    VisitId up_to = kNoVisit;
  };
  // A table of texts.
  struct TextTable {
    TextTable(Connection& connection, Dimension column);

    Statement read_ids;
    Statement delete_ids;
  };

  int64_t DeleteFrom(const Block& block, VisitId from, VisitId before);
  InUse FindInUse();
  void NoteTail(InUse& in_use);
  void DeleteUnused(Dimension column, InUse& in_use);
  // Those that may hold parts of the texts that were deleted: they are worked out again.
  void DeleteAttributes(Dimension column);

  Connection& connection_;
  const DatabaseLock& writer_;
  ClientCounter& counter_;
  std::function<void()> between_;
  LogStateTable state_;
  BlockTable blocks_;
  Statement visit_range_;
  Statement count_;
  Statement delete_from_;
  Statement last_visit_;
  PageTotalTable totals_;
  Statement delete_empty_totals_;
  std::array<TextTable, kColumns> texts_;
  Statement delete_titles_;
  AttributeTable attributes_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_COLUMNS_PRUNER_H_
