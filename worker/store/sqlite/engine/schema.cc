#include "worker/store/sqlite/engine/schema.h"

#include <string>

#include "worker/store/sqlite/engine/foreign_database.h"
#include "worker/store/sqlite/engine/sql.h"

namespace page_count {

void CreateSchemaIfEmpty(Connection& connection) {
  RefuseForeignDatabase(connection);
  if (connection.access() == FileAccess::kService) connection.Execute("pragma journal_mode=wal");
  if (connection.ReadInt("pragma application_id") == kApplicationId) return;
  Transaction transaction(connection, Transaction::Kind::kWrite);
  connection.Execute(std::string(Sql("schema")).c_str());
  transaction.Commit();
}

}  // namespace page_count
