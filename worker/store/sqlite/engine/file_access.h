// How a database file is opened, and what SQLite is told for it.
//
// Reading makes nothing beside the file. Beside running workers, and after them, the write-ahead log and its index are
// there, and SQLite reads as ever. If the index is missing (a copy of file and log) SQLite would make one: it reads
// the log into memory instead, and as nobody else can use the file without an index, it takes no lock. If the log is
// missing too the file is read as it is. What is read without a lock is compared with its FileStamp afterwards.
//
// Only looks at names and attributes, never opens the file: closing it would drop this process's locks. Any thread.
#ifndef PAGE_COUNT_STORE_SQLITE_ENGINE_FILE_ACCESS_H_
#define PAGE_COUNT_STORE_SQLITE_ENGINE_FILE_ACCESS_H_

#include <cstdint>
#include <string>
#include <vector>

namespace page_count {

enum class FileAccess {
  kService,  // for workers: made if it is missing, with its write-ahead log and the locks beside it
  kRead,     // as it is, in use or not; nothing is made or changed
  kAlone,    // to change a file that is in no service: nobody else uses it meanwhile, and no file is left beside it
};

// For a tool that changes the file: kService if all that workers keep beside it is there.
FileAccess AccessForChanges(const std::string& path);

struct OpenCall {
  std::string name;
  int flags;
  const char* vfs;        // null: SQLite's own choice
  bool log_in_memory;     // the log's index, that is
  bool is_without_locks;  // somebody may write meanwhile
};
OpenCall OpenCallFor(const std::string& path, FileAccess access);

// Which file, how long and of when, of the database and of its log; and that there is no index. Equal as long as nobody
// has written.
class FileStamp {
 public:
  explicit FileStamp(const std::string& path);
  bool operator==(const FileStamp&) const = default;

 private:
  std::vector<int64_t> attributes_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_ENGINE_FILE_ACCESS_H_
