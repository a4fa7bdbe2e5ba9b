#include "worker/store/sqlite/migrations.h"

#include <algorithm>
#include <string>
#include <vector>

#include "worker/store/sqlite/sql.h"
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

void RefuseForeignFile(Connection& connection) {
  if (connection.ReadInt("pragma application_id") == kApplicationId) return;
  if (connection.ReadInt("select count(*) from sqlite_schema") == 0) return;
  throw StoreError("database " + connection.path() + ": is not a page-count database; set `database` to another file");
}

}  // namespace

bool IsOutdated(Connection& connection) {
  return connection.ReadInt("pragma user_version") < static_cast<int64_t>(Migrations().size());
}

void Migrate(Connection& connection) {
  RefuseForeignFile(connection);
  const auto migrations = Migrations();
  const auto known = static_cast<int64_t>(migrations.size());
  const int64_t version = connection.ReadInt("pragma user_version");
  if (version > known) {
    throw StoreError("database " + connection.path() + ": has schema " + std::to_string(version) +
                     ", this program knows schemas up to " + std::to_string(known) + "; upgrade page-count");
  }
  connection.Execute("pragma journal_mode=wal");
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
