#include "worker/store/sqlite/question/visits_table.h"

#include <sqlite3.h>

#include <exception>
#include <memory>
#include <new>
#include <string>

#include "worker/store/sqlite/engine/schema.h"
#include "worker/store/sqlite/question/visits_cursor.h"
#include "worker/store/sqlite/question/visits_plan.h"
#include "worker/store/store_error.h"

namespace page_count {
namespace {

constexpr char kDeclaration[] =
    "create table visits (id integer, url text, ip_address text, user_agent text, timestamp text)";

struct Table : sqlite3_vtab {
  explicit Table(sqlite3* connection) : sqlite3_vtab{}, database(DatabaseHandle::Borrow(connection)) {}

  DatabaseHandle database;
  VisitsStatements statements{database};
};

struct Cursor : sqlite3_vtab_cursor {
  explicit Cursor(Table& table) : sqlite3_vtab_cursor{}, visits(table.statements, table.statements.blocks) {}

  VisitsCursor visits;
};

Table& Of(sqlite3_vtab* table) { return *static_cast<Table*>(table); }

VisitsCursor& Of(sqlite3_vtab_cursor* cursor) { return static_cast<Cursor*>(cursor)->visits; }

// Runs what may throw; SQLite, which is C, gets a status and a text.
template <typename Call>
int AsStatus(char** error, Call call) {
  try {
    call();
    return SQLITE_OK;
  } catch (const std::bad_alloc&) {
    return SQLITE_NOMEM;
  } catch (const std::exception& exception) {
    sqlite3_free(*error);
    *error = sqlite3_mprintf("%s", exception.what());
    return SQLITE_ERROR;
  }
}

int Connect(sqlite3* connection, void*, int, const char* const*, sqlite3_vtab** table, char** error) {
  sqlite3_vtab_config(connection, SQLITE_VTAB_INNOCUOUS);
  const int status = sqlite3_declare_vtab(connection, kDeclaration);
  if (status != SQLITE_OK) return status;
  return AsStatus(error, [&] { *table = std::make_unique<Table>(connection).release(); });
}

int Disconnect(sqlite3_vtab* table) {
  const std::unique_ptr<Table> owned(&Of(table));
  return SQLITE_OK;
}

int Open(sqlite3_vtab* table, sqlite3_vtab_cursor** cursor) {
  return AsStatus(&table->zErrMsg, [&] { *cursor = std::make_unique<Cursor>(Of(table)).release(); });
}

int Close(sqlite3_vtab_cursor* cursor) {
  const std::unique_ptr<Cursor> owned(static_cast<Cursor*>(cursor));
  return SQLITE_OK;
}

void RequireOwnSchema(Table& table) {
  Rows rows = table.statements.marks.Run();
  rows.Next();
  if (rows.Int(0) != kApplicationId) throw StoreError("visits: the main database is not page-count's");
  if (rows.Int(1) == kSchemaVersion) return;
  throw StoreError("visits: the database has version " + std::to_string(rows.Int(1)) +
                   " of page-count's schema, and this program knows version " + std::to_string(kSchemaVersion));
}

int Filter(sqlite3_vtab_cursor* cursor, int number, const char* plan, int, sqlite3_value** bounds) {
  return AsStatus(&cursor->pVtab->zErrMsg, [&] {
    RequireOwnSchema(Of(cursor->pVtab));
    Of(cursor).Start(RangeOf(plan, bounds), OrderOf(number));
  });
}

int Next(sqlite3_vtab_cursor* cursor) {
  return AsStatus(&cursor->pVtab->zErrMsg, [cursor] { Of(cursor).Next(); });
}

int Eof(sqlite3_vtab_cursor* cursor) { return Of(cursor).AtEnd() ? 1 : 0; }

void ReturnText(sqlite3_context* result, const std::string& text) {
  sqlite3_result_text64(result, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

void Return(sqlite3_context* result, VisitsCursor& visit, int column) {
  switch (column) {
    case kId:
      sqlite3_result_int64(result, visit.Id());
      break;
    case kUrl:
      ReturnText(result, visit.Url());
      break;
    case kIpAddress:
      ReturnText(result, visit.Address());
      break;
    case kUserAgent:
      ReturnText(result, visit.Agent());
      break;
    case kTimestamp:
      ReturnText(result, TimestampOf(visit.Id()));
      break;
    default:
      break;
  }
}

int ReadColumn(sqlite3_vtab_cursor* cursor, sqlite3_context* result, int column) {
  return AsStatus(&cursor->pVtab->zErrMsg, [&] { Return(result, Of(cursor), column); });
}

int RowId(sqlite3_vtab_cursor* cursor, sqlite3_int64* id) {
  return AsStatus(&cursor->pVtab->zErrMsg, [&] { *id = Of(cursor).Id(); });
}

// Without xCreate it is there under its name in every connection, and without xUpdate read-only.
sqlite3_module MakeModule() {
  sqlite3_module module{};
  module.xConnect = Connect;
  module.xDisconnect = Disconnect;
  module.xBestIndex = PlanVisits;
  module.xOpen = Open;
  module.xClose = Close;
  module.xFilter = Filter;
  module.xNext = Next;
  module.xEof = Eof;
  module.xColumn = ReadColumn;
  module.xRowid = RowId;
  return module;
}

}  // namespace

int RegisterVisitsTable(sqlite3* connection) {
  static const sqlite3_module kModule = MakeModule();
  return sqlite3_create_module_v2(connection, "visits", &kModule, nullptr, nullptr);
}

}  // namespace page_count
