// Many rows bound to one statement: the table-valued function bulk_rows(:rows) gives them back to SQL, so that one
// `insert … select … from bulk_rows(:rows)` does what a statement a row would take three times as long for.
//
// Columns: a, b, c, d (integers) and the same bytes as text and as blob. Read-only; a row's bytes must outlive the
// statement's run. Register it once a connection.
#ifndef PAGE_COUNT_STORE_SQLITE_BULK_ROWS_H_
#define PAGE_COUNT_STORE_SQLITE_BULK_ROWS_H_

#include <cstdint>
#include <span>
#include <string_view>

struct sqlite3;

namespace page_count {

struct BulkRow {
  int64_t a = 0;
  int64_t b = 0;
  int64_t c = 0;
  int64_t d = 0;
  std::string_view bytes = {};
};

using BulkRows = std::span<const BulkRow>;

inline constexpr char kBulkRowsPointer[] = "bulk_rows";  // the type of pointer that the function takes

void RegisterBulkRows(sqlite3* connection);

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_BULK_ROWS_H_
