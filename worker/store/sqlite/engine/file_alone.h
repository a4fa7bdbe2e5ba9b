// What a database file says without its write-ahead log: its header, and the marks of log_ownership.cc.
//
// Reads through SQLite, as immutable: no lock, no other file, and the process's own locks on the file stay. Never
// throws: what cannot be read is not there. Nobody may write to the file meanwhile.
#ifndef PAGE_COUNT_STORE_SQLITE_ENGINE_FILE_ALONE_H_
#define PAGE_COUNT_STORE_SQLITE_ENGINE_FILE_ALONE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace page_count {

// What reads them.
inline constexpr char kStateMarks[] = "state_marks() -> database_id, mark, file_mark";

struct LogMarks {
  static constexpr size_t kIdBytes = 16;

  std::string database_id;
  int64_t mark = 0;
  int64_t file_mark = 0;
  friend bool operator==(const LogMarks&, const LogMarks&) = default;
};

struct FileAlone {
  bool is_database = false;  // has SQLite's header; else the members below are not set
  bool is_in_wal_mode = false;
  uint32_t application_id = 0;
  std::optional<LogMarks> marks;  // of a page-count database

  static FileAlone Read(const std::string& path);
};

// The name by which SQLite opens a file as it is, without log and locks.
std::string ImmutableUri(const std::string& path);

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_ENGINE_FILE_ALONE_H_
