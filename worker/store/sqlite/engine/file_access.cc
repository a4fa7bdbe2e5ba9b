#include "worker/store/sqlite/engine/file_access.h"

#include <sqlite3.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <filesystem>

#include "worker/store/sqlite/engine/file_alone.h"

namespace page_count {
namespace {

bool IsThere(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::exists(path, ignored);
}

}  // namespace

FileAccess AccessForChanges(const std::string& path) {
  constexpr std::array<const char*, 4> kBesideAServicesFile = {"-wal", "-shm", ".lock", ".maintenance"};
  const bool all = std::all_of(kBesideAServicesFile.begin(), kBesideAServicesFile.end(),
                               [&path](const char* suffix) { return IsThere(path + suffix); });
  return all ? FileAccess::kService : FileAccess::kAlone;
}

OpenCall OpenCallFor(const std::string& path, FileAccess access) {
  constexpr int kPlain = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE;
  constexpr int kReadOnly = kPlain | SQLITE_OPEN_READONLY;
  switch (access) {
    case FileAccess::kService:
      return {path, kPlain | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr, false, false};
    case FileAccess::kAlone:
      return {path, kPlain | SQLITE_OPEN_READWRITE, nullptr, false, false};
    case FileAccess::kRead:
      break;
  }
  const bool has_log = IsThere(path + "-wal");
  if (has_log && !IsThere(path + "-shm")) return {path, kReadOnly, "unix-none", true, true};
  // A rollback journal says that somebody writes, or died while writing.
  if (has_log || IsThere(path + "-journal")) return {path, kReadOnly, nullptr, false, false};
  return {ImmutableUri(path), kReadOnly | SQLITE_OPEN_URI, nullptr, false, true};
}

FileStamp::FileStamp(const std::string& path) {
  for (const char* suffix : {"", "-wal"}) {
    struct stat status{};
    if (stat((path + suffix).c_str(), &status) != 0) status = {};
    attributes_.insert(attributes_.end(), {static_cast<int64_t>(status.st_dev), static_cast<int64_t>(status.st_ino),
                                           status.st_size, status.st_mtim.tv_sec, status.st_mtim.tv_nsec});
  }
  attributes_.push_back(IsThere(path + "-shm") ? 1 : 0);
}

}  // namespace page_count
