#include "worker/store/sqlite/engine/foreign_database.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "worker/store/sqlite/engine/schema.h"
#include "worker/store/sqlite/engine/statement.h"
#include "worker/store/visit_store.h"

namespace page_count {
namespace {

template <typename... Values>
std::vector<std::string> ReadTexts(Connection& connection, std::string_view query, const Values&... values) {
  std::vector<std::string> texts;
  Statement statement(connection, query);
  Rows rows = statement.Run(values...);
  while (rows.Next()) texts.emplace_back(rows.Bytes(0));
  return texts;
}

// Tables, views, indexes and triggers.
std::vector<std::string> PartsOf(Connection& connection) { return ReadTexts(connection, "foreign_parts() -> part"); }

// What an SQL dump keeps of a database of ours: everything but the marks in the file's header.
bool HasOurParts(Connection& connection) {
  Connection ours(":memory:");
  CreateSchemaIfEmpty(ours);
  return PartsOf(connection) == PartsOf(ours);
}

// A table of visits as counters like the reference have it.
struct VisitTable {
  std::string name;
  std::string ip;
  std::string time;
};

std::optional<VisitTable> FindVisitTable(Connection& connection) {
  const auto one_of = [](const std::vector<std::string>& names, std::initializer_list<const char*> wanted) {
    for (const char* name : wanted) {
      if (std::find(names.begin(), names.end(), name) != names.end()) return std::string(name);
    }
    return std::string();
  };
  for (const std::string& table : ReadTexts(connection, "foreign_tables() -> name")) {
    const auto columns = ReadTexts(connection, "foreign_columns(table) -> name", table);
    VisitTable found{table, one_of(columns, {"ip_address", "ip"}), one_of(columns, {"timestamp", "viewed_at"})};
    const bool has_rest = !one_of(columns, {"url"}).empty() && !one_of(columns, {"user_agent"}).empty();
    if (has_rest && !found.ip.empty() && !found.time.empty()) return found;
  }
  return std::nullopt;
}

std::string As(const std::string& column, const std::string& name) {
  return column == name ? name : column + " as " + name;
}

std::string DescribeVisitTable(const std::string& path, const VisitTable& table) {
  const auto folder = std::filesystem::path(path).parent_path();
  const std::string aside = (folder / "other-visits.db").string();
  std::string move = "mv -n " + path + ' ' + aside;
  if (std::filesystem::exists(path + "-wal")) move += ", mv -n " + path + "-wal " + aside + "-wal";
  return "it is another counter's (its table " + table.name +
         " holds visits). Its visits can be brought over: " + move + ", start page-count, sqlite3 -header -csv " +
         aside + " \"select url, " + As(table.ip, "ip") + ", user_agent, " + As(table.time, "timestamp") + " from " +
         table.name + "\" >visits.csv, page-count import --database " + path + " visits.csv";
}

std::string Describe(Connection& connection) {
  const std::string& path = connection.path();
  if (HasOurParts(connection)) {
    return "it holds page-count's tables, but not its marks, which a .dump loses; a copy made by page-count backup "
           "keeps them. To use it all the same: sqlite3 " +
           path + " \"pragma application_id=" + std::to_string(kApplicationId) +
           "; pragma user_version=" + std::to_string(kSchemaVersion) + "\", then page-count check --database " + path;
  }
  if (const auto table = FindVisitTable(connection)) return DescribeVisitTable(path, *table);
  const auto tables = ReadTexts(connection, "foreign_tables() -> name");
  return "it is another program's SQLite database" +
         (tables.empty() ? std::string() : " (with a table " + tables.front() + ")") +
         "; move it away, or set `database` to another file";
}

}  // namespace

bool HoldsNothing(Connection& connection) { return PartsOf(connection).empty(); }

void RefuseForeignDatabase(Connection& connection) {
  const std::string database = "database " + connection.path() + ": ";
  const int64_t id = connection.ReadInt("pragma application_id");
  const int64_t version = connection.ReadInt("pragma user_version");
  if (id == kEarlierApplicationId || (id == kApplicationId && version < kSchemaVersion)) {
    throw ForeignFileError(database + "is of a page-count build from before version " + std::to_string(kSchemaVersion) +
                           " of the database's schema, which this program does not read; to keep its visits: "
                           "`page-count export` by the build that wrote it, then `page-count import` into a new file");
  }
  if (id != kApplicationId) {
    if (HoldsNothing(connection)) return;
    throw ForeignFileError(database + "is not a page-count database: " + Describe(connection));
  }
  if (version == kSchemaVersion) return;
  throw ForeignFileError(database + "is a newer page-count's: it has schema " + std::to_string(version) +
                         ", this program knows schema " + std::to_string(kSchemaVersion) +
                         "; upgrade page-count, or put a backup of this version's time there");
}

}  // namespace page_count
