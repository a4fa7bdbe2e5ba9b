// A row of an SQL statement's result, as its values are spelled.
//
// Valid while it is handed over.
#ifndef PAGE_COUNT_STORE_SQL_ROW_H_
#define PAGE_COUNT_STORE_SQL_ROW_H_

#include <functional>
#include <span>
#include <stdexcept>
#include <string_view>

namespace page_count {

struct SqlValue {
  enum class Kind { kNull, kNumber, kText, kBlob };
  Kind kind = Kind::kNull;
  std::string_view bytes;  // a number is spelled
};

// Takes the columns' names, and then each row.
using TakeSqlRow = std::function<void(std::span<const SqlValue>)>;

// A statement that cannot be run. what() says why, for whoever wrote it.
class SqlError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQL_ROW_H_
