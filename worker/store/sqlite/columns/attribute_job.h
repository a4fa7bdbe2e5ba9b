// Works out the attributes of new texts, and of all texts once the lists that they come from are others.
//
// In short transactions, so that recording goes on meanwhile; every answer is exact in between, as what has no codes
// yet is looked at by each question. Call it under the maintenance lock; it takes the write lock itself. One a
// connection.
#ifndef PAGE_COUNT_STORE_SQLITE_COLUMNS_ATTRIBUTE_JOB_H_
#define PAGE_COUNT_STORE_SQLITE_COLUMNS_ATTRIBUTE_JOB_H_

#include <array>
#include <functional>
#include <vector>

#include "worker/attributes/attribute_source.h"
#include "worker/store/sqlite/columns/attribute_table.h"
#include "worker/store/sqlite/engine/connection.h"
#include "worker/store/sqlite/engine/database_lock.h"
#include "worker/store/sqlite/engine/statement.h"
#include "worker/store/sqlite/log/log_state.h"

namespace page_count {

class AttributeJob {
 public:
  // Borrows all of them. `source` may be null: then no text has an attribute.
  AttributeJob(Connection& connection, const DatabaseLock& writer, AttributeSource* source,
               std::function<void()> between);

  // Returns whether there is more to do.
  bool WorkOutSome();
  // Forgets what is known of a column's texts: WorkOutSome begins with the first.
  void StartOver(Dimension column);

 private:
  bool WorkOutSome(Dimension column);
  void WorkOut(Dimension column, int64_t first_id, int64_t last_id, const std::string& version);

  Connection& connection_;
  const DatabaseLock& writer_;
  AttributeSource* source_;
  std::function<void()> between_;
  LogStateTable state_;
  AttributeTable table_;
  std::array<Statement, kColumns> texts_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_COLUMNS_ATTRIBUTE_JOB_H_
