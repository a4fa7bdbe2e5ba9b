// Many rows bound to one statement: the table-valued function array_table(:rows) gives them back to SQL, so that one
// `insert … select … from array_table(:rows)` does what a statement a row would take three times as long for.
//
// A type of rows is a struct of kIntegers int64_t, which are the columns a, b, c, d, and perhaps a std::string_view
// after them, which is the column text and, as a blob, the column blob. The statement names the columns like the struct
// does, in its first line: `with input(page_id, visits) as (select a, b from array_table(:rows))`; rowid is the index.
//
// Read-only; the rows must outlive the statement's run. Register it once a connection.
#ifndef PAGE_COUNT_STORE_SQLITE_ENGINE_ARRAY_TABLE_H_
#define PAGE_COUNT_STORE_SQLITE_ENGINE_ARRAY_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>

struct sqlite3;

namespace page_count {

class ArrayRows {
 public:
  ArrayRows() = default;
  // The rows before *next, which may grow between two steps of the statement, are passed over: for statements whose
  // result for one row holds for the next ones too.
  template <typename Container, typename Row = typename Container::value_type>
  explicit ArrayRows(const Container& rows, const size_t* next = nullptr)
      : rows_(std::as_bytes(std::span<const Row>(rows)).data()),
        size_(std::size(rows)),
        row_bytes_(sizeof(Row)),
        integers_(Row::kIntegers),
        next_(next) {
    constexpr size_t kBytes = Row::kIntegers * sizeof(int64_t);
    static_assert(Row::kIntegers <= kMostIntegers && std::is_standard_layout_v<Row>);
    static_assert(sizeof(Row) == kBytes || sizeof(Row) == kBytes + sizeof(std::string_view));
  }

  static constexpr size_t kMostIntegers = 4;
  size_t size() const { return size_; }
  // Which row comes after `row`.
  size_t After(size_t row) const { return next_ != nullptr && *next_ > row ? *next_ : row + 1; }
  // 0 and an empty text if the rows have no such member.
  int64_t Integer(size_t row, size_t column) const;
  std::string_view Text(size_t row) const;

 private:
  const std::byte* rows_ = nullptr;
  size_t size_ = 0;
  size_t row_bytes_ = 0;
  size_t integers_ = 0;
  const size_t* next_ = nullptr;
};

// The type of pointer that the function takes.
inline constexpr char kArrayRowsPointer[] = "array_rows";

void RegisterArrayTable(sqlite3* connection);

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_ENGINE_ARRAY_TABLE_H_
