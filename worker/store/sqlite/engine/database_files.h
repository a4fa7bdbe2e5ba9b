// The files of a database: the file itself, its write-ahead log (-wal), the log's index (-shm) and the two lock files
// beside them, by their paths and by which files are there at the moment.
//
// Looks at files by stat alone, and into the log, which holds no lock; never opens the database file or the index, as
// closing them would drop SQLite's locks. Immutable, any thread; errors count as "is not there".
#ifndef PAGE_COUNT_STORE_SQLITE_ENGINE_DATABASE_FILES_H_
#define PAGE_COUNT_STORE_SQLITE_ENGINE_DATABASE_FILES_H_

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>

namespace page_count {

struct FileId {
  dev_t device = 0;
  ino_t inode = 0;
  friend bool operator==(const FileId&, const FileId&) = default;
};

// Which files are at the five paths.
struct FilesThere {
  std::optional<FileId> file;
  std::optional<FileId> log;
  std::optional<FileId> index;
  std::optional<FileId> write_lock;
  std::optional<FileId> maintenance_lock;
  friend bool operator==(const FilesThere&, const FilesThere&) = default;
};

// The folder of them, and when a file was last put into it, taken out or renamed.
struct FolderVersion {
  FileId folder;
  int64_t changed_at_ns = 0;
  friend bool operator==(const FolderVersion&, const FolderVersion&) = default;
};

// When the database file was changed last, and how long it is.
struct FileVersion {
  int64_t changed_at_ns = 0;
  int64_t bytes = 0;
  friend bool operator==(const FileVersion&, const FileVersion&) = default;
};

class DatabaseFiles {
 public:
  explicit DatabaseFiles(std::string path);

  const std::string& file() const { return file_; }
  const std::string& log() const { return log_; }
  const std::string& index() const { return index_; }
  const std::string& write_lock() const { return write_lock_; }
  const std::string& maintenance_lock() const { return maintenance_lock_; }

  // One stat a file.
  FilesThere Look() const;
  // One stat. As long as it stays the same, so does what Look returns, if HasAllInFolder. nullopt if the folder has
  // changed so recently that one more change might get the same time.
  std::optional<FolderVersion> LookAtFolder() const;
  // False if the database file is a link, perhaps to one in another folder.
  bool HasAllInFolder() const;
  FileVersion Version() const;
  // Whether the log at that path has no frame for SQLite, or there is none.
  bool LogIsEmpty() const;
  // The first bytes of that log, which no other log begins with; empty if there is none.
  std::string LogHeader() const;

 private:
  std::string file_;
  std::string log_;
  std::string index_;
  std::string write_lock_;
  std::string maintenance_lock_;
  std::string folder_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_ENGINE_DATABASE_FILES_H_
