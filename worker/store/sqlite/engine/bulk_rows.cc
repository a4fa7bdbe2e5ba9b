#include "worker/store/sqlite/engine/bulk_rows.h"

#include <sqlite3.h>

#include <algorithm>
#include <memory>

namespace page_count {
namespace {

enum Column { kA, kB, kC, kD, kText, kBlob, kRows };

struct Cursor : sqlite3_vtab_cursor {
  BulkRows rows;
  size_t at = 0;
  const PassableRows* passable = nullptr;
};

Cursor& Of(sqlite3_vtab_cursor* cursor) { return *static_cast<Cursor*>(cursor); }

int Connect(sqlite3* connection, void*, int, const char* const*, sqlite3_vtab** table, char**) {
  *table = std::make_unique<sqlite3_vtab>().release();
  return sqlite3_declare_vtab(connection, "create table x(a, b, c, d, text, blob, rows hidden)");
}

int Disconnect(sqlite3_vtab* table) {
  std::unique_ptr<sqlite3_vtab> owned(table);
  return SQLITE_OK;
}

// Only the pointer in the hidden column decides which rows there are.
int BestIndex(sqlite3_vtab*, sqlite3_index_info* index) {
  for (int i = 0; i < index->nConstraint; ++i) {
    const auto& constraint = index->aConstraint[i];
    if (constraint.iColumn != kRows || constraint.op != SQLITE_INDEX_CONSTRAINT_EQ) continue;
    if (constraint.usable == 0) return SQLITE_CONSTRAINT;
    index->aConstraintUsage[i].argvIndex = 1;
    index->aConstraintUsage[i].omit = 1;
    index->estimatedCost = 1000;
    index->estimatedRows = 1000;
    return SQLITE_OK;
  }
  return SQLITE_CONSTRAINT;
}

int Open(sqlite3_vtab*, sqlite3_vtab_cursor** cursor) {
  *cursor = std::make_unique<Cursor>().release();
  return SQLITE_OK;
}

int Close(sqlite3_vtab_cursor* cursor) {
  std::unique_ptr<Cursor> owned(&Of(cursor));
  return SQLITE_OK;
}

int Filter(sqlite3_vtab_cursor* cursor, int, const char*, int, sqlite3_value** arguments) {
  const auto* rows = static_cast<const BulkRows*>(sqlite3_value_pointer(arguments[0], kBulkRowsPointer));
  const auto* passable = static_cast<const PassableRows*>(sqlite3_value_pointer(arguments[0], kPassableRowsPointer));
  if (passable != nullptr) rows = &passable->rows;
  Of(cursor).rows = rows != nullptr ? *rows : BulkRows();
  Of(cursor).at = 0;
  Of(cursor).passable = passable;
  return SQLITE_OK;
}

int Next(sqlite3_vtab_cursor* cursor) {
  size_t& at = Of(cursor).at;
  const PassableRows* passable = Of(cursor).passable;
  at = std::max(at + 1, passable != nullptr ? passable->next : 0);
  return SQLITE_OK;
}

int Eof(sqlite3_vtab_cursor* cursor) { return Of(cursor).at >= Of(cursor).rows.size() ? 1 : 0; }

int ReadColumn(sqlite3_vtab_cursor* cursor, sqlite3_context* result, int column) {
  const BulkRow& row = Of(cursor).rows[Of(cursor).at];
  const auto bytes = static_cast<int>(row.bytes.size());
  switch (column) {
    case kA:
      sqlite3_result_int64(result, row.a);
      break;
    case kB:
      sqlite3_result_int64(result, row.b);
      break;
    case kC:
      sqlite3_result_int64(result, row.c);
      break;
    case kD:
      sqlite3_result_int64(result, row.d);
      break;
    case kText:
      sqlite3_result_text(result, row.bytes.data(), bytes, SQLITE_STATIC);
      break;
    case kBlob:
      sqlite3_result_blob(result, row.bytes.data(), bytes, SQLITE_STATIC);
      break;
    default:
      sqlite3_result_null(result);
  }
  return SQLITE_OK;
}

int RowId(sqlite3_vtab_cursor* cursor, sqlite3_int64* id) {
  *id = static_cast<sqlite3_int64>(Of(cursor).at);
  return SQLITE_OK;
}

sqlite3_module MakeModule() {
  sqlite3_module module{};
  module.xConnect = Connect;
  module.xDisconnect = Disconnect;
  module.xBestIndex = BestIndex;
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

void RegisterBulkRows(sqlite3* connection) {
  static const sqlite3_module kModule = MakeModule();
  sqlite3_create_module_v2(connection, "bulk_rows", &kModule, nullptr, nullptr);
}

}  // namespace page_count
