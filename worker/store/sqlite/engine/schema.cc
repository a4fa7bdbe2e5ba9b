#include "worker/store/sqlite/engine/schema.h"

#include <string>

#include "worker/store/sqlite/engine/foreign_database.h"
#include "worker/store/sqlite/engine/sql.h"

namespace page_count {

void CreateSchemaIfEmpty(Connection& connection) {
  RefuseForeignDatabase(connection);
  const bool is_empty = connection.ReadInt("pragma application_id") != kApplicationId;
  if (is_empty) connection.Execute("pragma auto_vacuum=incremental");  // see free_pages.h; later it has no effect
  if (connection.access() == FileAccess::kService) connection.Execute("pragma journal_mode=wal");
  if (!is_empty) return;
  Transaction transaction(connection, Transaction::Kind::kWrite);
  connection.Execute(std::string(Sql("schema")).c_str());
  transaction.Commit();
}

}  // namespace page_count
