// An open database as a statement sees it: SQLite's handle, and how SQLite's errors are told.
//
// Owns the handle, or borrows that of a program that has loaded this code as an extension of its SQLite. One thread at
// a time.
#ifndef PAGE_COUNT_STORE_SQLITE_ENGINE_DATABASE_HANDLE_H_
#define PAGE_COUNT_STORE_SQLITE_ENGINE_DATABASE_HANDLE_H_

#include <memory>
#include <string>

struct sqlite3;

namespace page_count {

class DatabaseHandle {
 public:
  // Its owner closes it, after this is gone.
  static DatabaseHandle Borrow(sqlite3* handle);

  sqlite3* handle() const { return handle_.get(); }
  // Throws StoreError for the last error of this connection, with the path and SQLite's own words.
  [[noreturn]] void Throw(const char* doing) const;

 protected:
  explicit DatabaseHandle(std::string path) : path_(std::move(path)) {}
  // May be null, if there was no memory to open it.
  void Own(sqlite3* handle) { handle_ = {handle, Closer{.owns = true}}; }

 private:
  struct Closer {
    bool owns;
    void operator()(sqlite3* handle) const;
  };

  std::string path_;
  std::unique_ptr<sqlite3, Closer> handle_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_ENGINE_DATABASE_HANDLE_H_
