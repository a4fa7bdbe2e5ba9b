// Many rows bound to one statement: the table-valued function bulk_rows(:rows) gives them back to SQL, so that one
// `insert … select … from bulk_rows(:rows)` does what a statement a row would take three times as long for.
//
// Columns: a, b, c, d (integers) and the same bytes as text and as blob. Read-only; a row's bytes must outlive the
// statement's run. Where one row's answer is that of the next ones too, bind PassableRows and pass over those. Register
// it once a connection.
#ifndef PAGE_COUNT_STORE_SQLITE_ENGINE_BULK_ROWS_H_
#define PAGE_COUNT_STORE_SQLITE_ENGINE_BULK_ROWS_H_

#include <cstddef>
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
  std::string_view bytes = {};  // NOLINT(readability-redundant-member-init): GCC warns of rows without
};

using BulkRows = std::span<const BulkRow>;

// Rows which whoever runs the statement may pass over, between two of its steps. Must outlive the run.
struct PassableRows {
  BulkRows rows;
  size_t next = 0;  // none before this one is given any more
};

// The types of pointer that the function takes.
inline constexpr char kBulkRowsPointer[] = "bulk_rows";
inline constexpr char kPassableRowsPointer[] = "passable_rows";

void RegisterBulkRows(sqlite3* connection);

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_ENGINE_BULK_ROWS_H_
