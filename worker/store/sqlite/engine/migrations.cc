#include "worker/store/sqlite/engine/migrations.h"

#include <algorithm>
#include <string>
#include <vector>

#include "worker/store/sqlite/engine/foreign_database.h"
#include "worker/store/sqlite/engine/sql.h"
#include "worker/store/visit_store.h"

namespace page_count {
namespace {

// Migrations are the statements named by number, 0001_..., in that order; version n has the first n applied.
std::vector<EmbeddedSql> Migrations() {
  std::vector<EmbeddedSql> migrations;
  for (const EmbeddedSql& sql : AllSql()) {
    if (sql.name.starts_with("0")) migrations.push_back(sql);
  }
  std::sort(migrations.begin(), migrations.end(),
            [](const EmbeddedSql& left, const EmbeddedSql& right) { return left.name < right.name; });
  return migrations;
}

}  // namespace

int64_t KnownSchema() { return static_cast<int64_t>(Migrations().size()); }

bool IsOutdated(Connection& connection) { return connection.ReadInt("pragma user_version") < KnownSchema(); }

void Migrate(Connection& connection) {
  RefuseForeignDatabase(connection);
  const auto migrations = Migrations();
  const int64_t known = KnownSchema();
  const int64_t version = connection.ReadInt("pragma user_version");
  if (connection.access() == FileAccess::kService) connection.Execute("pragma journal_mode=wal");
  if (version == known) return;
  Transaction transaction(connection, Transaction::Kind::kWrite);
  for (int64_t next = version; next < known; ++next) {
    connection.Execute(std::string(migrations[static_cast<size_t>(next)].text).c_str());
  }
  connection.Execute(("pragma application_id=" + std::to_string(kApplicationId)).c_str());
  connection.Execute(("pragma user_version=" + std::to_string(known)).c_str());
  transaction.Commit();
}

}  // namespace page_count
