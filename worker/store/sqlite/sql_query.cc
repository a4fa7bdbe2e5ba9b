#include "worker/store/sqlite/sql_query.h"

#include <sqlite3.h>

#include <memory>
#include <vector>

#include "worker/store/sqlite/question/visits_table.h"
#include "worker/store/sqlite/session.h"

namespace page_count {
namespace {

struct Finalizer {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Prepared = std::unique_ptr<sqlite3_stmt, Finalizer>;

// What the statement does wrong is its writer's business, what the file does is the storage's.
[[noreturn]] void Throw(const Connection& connection) {
  const int code = sqlite3_errcode(connection.handle());
  if (code == SQLITE_ERROR || code == SQLITE_MISMATCH || code == SQLITE_TOOBIG || code == SQLITE_READONLY) {
    throw SqlError(sqlite3_errmsg(connection.handle()));
  }
  connection.Throw("run the statement");
}

// Null if there is nothing but blanks and comments. Moves `sql` to what follows.
Prepared PrepareNext(const Connection& connection, const char*& sql) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(connection.handle(), sql, -1, &statement, &sql) != SQLITE_OK) Throw(connection);
  return Prepared(statement);
}

// A stray semicolon is a statement of nothing.
Prepared PrepareOnly(const Connection& connection, const std::string& sql) {
  Prepared only;
  for (const char* rest = sql.c_str(); *rest != '\0';) {
    Prepared next = PrepareNext(connection, rest);
    if (next && only) throw SqlError("there is more than one statement; run them one by one");
    if (next) only = std::move(next);
  }
  if (!only) throw SqlError("there is no statement");
  const bool only_reads = sqlite3_stmt_readonly(only.get()) != 0 && sqlite3_column_count(only.get()) > 0;
  if (!only_reads) throw SqlError("the statement does not only read; page-count sql changes nothing");
  return only;
}

std::string_view TextOf(sqlite3_stmt* statement, int column) {
  const void* bytes = sqlite3_column_text(statement, column);  // before its length, as this may convert it
  return {static_cast<const char*>(bytes), static_cast<size_t>(sqlite3_column_bytes(statement, column))};
}

SqlValue ValueOf(sqlite3_stmt* statement, int column) {
  switch (sqlite3_column_type(statement, column)) {
    case SQLITE_NULL:
      return {};
    case SQLITE_TEXT:
      return {SqlValue::Kind::kText, TextOf(statement, column)};
    case SQLITE_BLOB: {
      const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement, column));
      return {SqlValue::Kind::kBlob, {bytes, static_cast<size_t>(sqlite3_column_bytes(statement, column))}};
    }
    default:
      return {SqlValue::Kind::kNumber, TextOf(statement, column)};
  }
}

}  // namespace

void RunSqlQuery(const std::string& path, const std::string& sql, const TakeSqlRow& take) {
  Session session(path, FileAccess::kRead, {}, nullptr);
  const Connection& connection = session.connection;
  RegisterVisitsTable(connection.handle());
  session.connection.Execute("pragma temp_store=file");  // what it sorts may be larger than the memory
  const Prepared statement = PrepareOnly(connection, sql);
  std::vector<SqlValue> row(static_cast<size_t>(sqlite3_column_count(statement.get())));
  for (size_t i = 0; i < row.size(); ++i) {
    row[i] = {SqlValue::Kind::kText, sqlite3_column_name(statement.get(), static_cast<int>(i))};
  }
  take(row);
  int status = SQLITE_DONE;
  while ((status = sqlite3_step(statement.get())) == SQLITE_ROW) {
    for (size_t i = 0; i < row.size(); ++i) row[i] = ValueOf(statement.get(), static_cast<int>(i));
    take(row);
  }
  if (status != SQLITE_DONE) Throw(connection);
  connection.RequireUnchanged();
}

}  // namespace page_count
