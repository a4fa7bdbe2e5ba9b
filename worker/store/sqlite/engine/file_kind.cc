#include "worker/store/sqlite/engine/file_kind.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <optional>
#include <string_view>

#include "worker/store/sqlite/engine/connection.h"
#include "worker/store/sqlite/engine/foreign_database.h"
#include "worker/store/sqlite/engine/log_ownership.h"
#include "worker/store/visit_store.h"

namespace page_count {
namespace {

using namespace std::string_view_literals;

// https://sqlite.org/fileformat.html#the_database_header
constexpr std::string_view kMagic = "SQLite format 3\0"sv;
constexpr size_t kHeaderBytes = 100;
constexpr size_t kReadVersion = 19;  // 2: the file is used with a write-ahead log
constexpr char kWriteAheadLog = 2;

bool IsText(std::string_view bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](char c) {
    return static_cast<unsigned char>(c) >= ' ' || "\t\n\r\f"sv.find(c) != std::string_view::npos;
  });
}

bool IsSqlDump(std::string_view text) {
  return text.starts_with("PRAGMA ") || text.starts_with("BEGIN TRANSACTION") || text.starts_with("CREATE TABLE");
}

// What a file without SQLite's magic is.
std::string DescribeBytes(std::string_view bytes) {
  if (bytes.starts_with("\x1f\x8b")) return "it is a gzip file; unpack it first";
  if (IsText(bytes) && IsSqlDump(bytes)) {
    return "it is a text of SQL, such as .dump writes; load it into a new file (sqlite3 NEW <IT), or use a copy made "
           "by page-count backup";
  }
  return std::string(IsText(bytes) ? "it is a text file" : "it is no SQLite database, or it is encrypted or damaged") +
         "; move it away, or set `database` to another file";
}

// The file's first bytes; on failure none, and errno says why.
std::optional<std::string> ReadStart(const std::string& path) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0) return std::nullopt;
  std::string bytes(4096, '\0');
  const ssize_t count = pread(file, bytes.data(), bytes.size(), 0);
  const int error = errno;
  close(file);
  errno = error;
  if (count < 0) return std::nullopt;
  bytes.resize(static_cast<size_t>(count));
  return bytes;
}

class Look {
 public:
  explicit Look(const std::string& path) : path_(path), log_(path + "-wal") {}

  FoundFile Find() const {
    struct stat status{};
    if (stat(path_.c_str(), &status) != 0) return errno == ENOENT ? Missing() : Unavailable(std::strerror(errno));
    if (S_ISDIR(status.st_mode)) return Foreign("it is a folder; name a file, as in " + path_ + "/visits.db");
    if (!S_ISREG(status.st_mode)) return Foreign("it is no regular file; set `database` to another path");
    const auto start = ReadStart(path_);
    if (!start) return Unavailable(std::strerror(errno));
    if (start->empty()) return Empty();
    if (!start->starts_with(kMagic)) return Foreign(DescribeBytes(*start));
    if (start->size() < kHeaderBytes) return Foreign("it is the beginning of an SQLite database, cut off");
    return FindDatabase((*start)[kReadVersion] == kWriteAheadLog);
  }

 private:
  FoundFile Found(FileKind kind, const std::string& what) const {
    return {kind, "database " + path_ + ": " + what, {}};
  }
  FoundFile Foreign(const std::string& what) const {
    return Found(FileKind::kForeign, "is not a page-count database: " + what);
  }
  FoundFile Unavailable(const std::string& why) const {
    return Found(FileKind::kUnavailable, "cannot be read: " + why);
  }

  bool HasLog() const {
    std::error_code ignored;
    const auto bytes = std::filesystem::file_size(log_, ignored);
    return !ignored && bytes > 0;
  }

  FoundFile Missing() const {
    if (!HasLog()) return Found(FileKind::kMissing, "does not exist; name it with --database");
    return Found(FileKind::kMissing,
                 "does not exist, but its write-ahead log does (" + log_ + "); put the file back that belongs to it");
  }

  FoundFile Empty() const {
    if (!HasLog()) return Found(FileKind::kEmpty, "is an empty file: nothing was ever recorded in it");
    return Found(FileKind::kEmpty, "is an empty file, but its write-ahead log is not (" + log_ +
                                       "); put the file back that belongs to it");
  }

  FoundFile WithoutTables(bool uses_log) const {
    if (!uses_log) return Found(FileKind::kEmpty, "has no tables: nothing was ever recorded in it");
    if (HasLog())
      return Found(FileKind::kEmpty, "has no tables, and its write-ahead log (" + log_ + ") has none for it");
    return Found(FileKind::kEmpty, "has no tables: it is a young database without its write-ahead log (" + log_ +
                                       "), and the visits are there; copy both while page-count is stopped, or use "
                                       "page-count backup");
  }

  FoundFile FindDatabase(bool uses_log) const {
    try {
      return ReadDatabase(uses_log);
    } catch (const ForeignFileError& error) {
      return WhoseLog().value_or(FoundFile{FileKind::kForeign, error.what(), {}});
    } catch (const StoreError& error) {
      return {FileKind::kUnavailable, error.what(), {}};
    }
  }

  // What is damaged or foreign may be so only through a log that is another file's.
  std::optional<FoundFile> WhoseLog() const {
    try {
      RequireOwnLogOfUnreadable(path_);
      return std::nullopt;
    } catch (const StoreError& error) {
      return FoundFile{FileKind::kUnavailable, error.what(), {}};
    }
  }

  FoundFile ReadDatabase(bool uses_log) const {
    Connection connection(path_, FileAccess::kRead);
    RefuseForeignDatabase(connection);
    if (HoldsNothing(connection)) return WithoutTables(uses_log);
    FoundFile found;
    if (uses_log && !HasLog()) {
      found.note = "there is no write-ahead log (" + log_ +
                   ") beside the file: where it was copied from a running page-count, visits are missing";
    }
    return found;
  }

  const std::string& path_;
  std::string log_;
};

}  // namespace

FoundFile LookAtFile(const std::string& path) { return Look(path).Find(); }

}  // namespace page_count
