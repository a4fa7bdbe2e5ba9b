// A statement of sql/sqlite/, prepared on its first use and then kept for the connection's life.
//
// Values are bound, and columns read, in the order of the signature that C++ declares for it (see signature.h), which
// is checked when it is prepared: a statement that differs is a bug and aborts. Bound text, and what bound rows are of,
// must outlive the Rows: Run takes no temporary string. One Rows of a Statement at a time; its end resets the
// statement. Same thread as the connection; throws StoreError.
#ifndef PAGE_COUNT_STORE_SQLITE_ENGINE_STATEMENT_H_
#define PAGE_COUNT_STORE_SQLITE_ENGINE_STATEMENT_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>

#include "worker/store/sqlite/engine/array_table.h"
#include "worker/store/sqlite/engine/database_handle.h"

struct sqlite3_stmt;

namespace page_count {

class Rows {
 public:
  Rows(DatabaseHandle& database, sqlite3_stmt* statement) : database_(database), statement_(statement) {}
  ~Rows();
  Rows(const Rows&) = delete;
  Rows& operator=(const Rows&) = delete;

  // Steps to the next row; false after the last.
  bool Next();
  int64_t Int(int column) const;
  bool IsNull(int column) const;
  bool IsInt(int column) const;
  // Text or blob, valid until the next Next().
  std::string_view Bytes(int column) const;

 private:
  DatabaseHandle& database_;
  sqlite3_stmt* statement_;
};

// A value that is still there when rows are read. A temporary string is deduced as no reference.
template <typename Value>
concept OutlivesRows = std::is_reference_v<Value> || !std::is_same_v<std::remove_cv_t<Value>, std::string>;

class Statement {
 public:
  // `signature` must outlive the statement.
  Statement(DatabaseHandle& database, std::string_view signature) : database_(database), signature_(signature) {}

  template <OutlivesRows... Values>
  Rows Run(Values&&... values) {
    Prepare(sizeof...(values));
    [[maybe_unused]] int index = 0;
    (Bind(++index, values), ...);
    return Rows(database_, statement_.get());
  }

  // Runs to the end; for statements that return nothing. Returns how many rows changed.
  template <typename... Values>
  int Execute(const Values&... values) {
    Rows rows = Run(values...);
    rows.Next();
    return ChangedRows();
  }

  // The first column of the one row that is expected.
  template <typename... Values>
  int64_t ReadInt(const Values&... values) {
    Rows rows = Run(values...);
    rows.Next();
    return rows.Int(0);
  }

 private:
  struct Finalizer {
    void operator()(sqlite3_stmt* statement) const;
  };

  void Prepare(size_t values);
  void Bind(int index, int64_t value);
  void Bind(int index, std::string_view text);
  void Bind(int index, const ArrayRows& rows);
  int ChangedRows() const;

  DatabaseHandle& database_;
  std::string_view signature_;
  std::unique_ptr<sqlite3_stmt, Finalizer> statement_;
  ArrayRows rows_;  // that are bound
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_ENGINE_STATEMENT_H_
