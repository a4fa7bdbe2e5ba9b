#include "worker/store/sqlite/engine/array_table.h"

#include <sqlite3.h>

#include <cstring>
#include <memory>

namespace page_count {
namespace {

enum Column { kText = int{ArrayRows::kMostIntegers}, kBlob, kRows };  // after the integers

struct Cursor : sqlite3_vtab_cursor {
  ArrayRows rows;
  size_t at = 0;
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
  const auto* rows = static_cast<const ArrayRows*>(sqlite3_value_pointer(arguments[0], kArrayRowsPointer));
  Of(cursor).rows = rows != nullptr ? *rows : ArrayRows();
  Of(cursor).at = 0;
  return SQLITE_OK;
}

int Next(sqlite3_vtab_cursor* cursor) {
  Of(cursor).at = Of(cursor).rows.After(Of(cursor).at);
  return SQLITE_OK;
}

int Eof(sqlite3_vtab_cursor* cursor) { return Of(cursor).at >= Of(cursor).rows.size() ? 1 : 0; }

int ReadColumn(sqlite3_vtab_cursor* cursor, sqlite3_context* result, int column) {
  const ArrayRows& rows = Of(cursor).rows;
  const size_t at = Of(cursor).at;
  if (column < kText) {
    sqlite3_result_int64(result, rows.Integer(at, static_cast<size_t>(column)));
  } else if (column < kRows) {
    const std::string_view text = rows.Text(at);
    const auto bytes = static_cast<int>(text.size());
    if (column == kText) {
      sqlite3_result_text(result, text.data(), bytes, SQLITE_STATIC);
    } else {
      sqlite3_result_blob(result, text.data(), bytes, SQLITE_STATIC);
    }
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

int64_t ArrayRows::Integer(size_t row, size_t column) const {
  int64_t value = 0;
  if (column < integers_) std::memcpy(&value, rows_ + row * row_bytes_ + column * sizeof(value), sizeof(value));
  return value;
}

std::string_view ArrayRows::Text(size_t row) const {
  const size_t offset = integers_ * sizeof(int64_t);
  std::string_view text;
  if (offset < row_bytes_) std::memcpy(&text, rows_ + row * row_bytes_ + offset, sizeof(std::string_view));
  return text;
}

void RegisterArrayTable(sqlite3* connection) {
  static const sqlite3_module kModule = MakeModule();
  sqlite3_create_module_v2(connection, "array_table", &kModule, nullptr, nullptr);
}

}  // namespace page_count
