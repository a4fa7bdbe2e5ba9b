#include "worker/store/sqlite/engine/database_files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <ctime>
#include <filesystem>
#include <utility>

#include "worker/store/sqlite/engine/wal_format.h"

namespace page_count {
namespace {

constexpr int64_t kNanoseconds = 1'000'000'000;

// Some file systems count a file's times in two seconds, and Linux before 6.13 in 4 ms.
constexpr int64_t kSettledAfter = 3 * kNanoseconds;

int64_t Nanoseconds(const statx_timestamp& time) { return time.tv_sec * kNanoseconds + time.tv_nsec; }

// Asks for times only if they are wanted. Since Linux 6.13 a file whose times were asked for gets new ones with its
// next write (multigrain timestamps), and its inode is written once more: between two commits to a log that is a third
// block for each sync.
std::optional<struct statx> StatusOf(const std::string& path, unsigned int wanted, int flags = 0) {
  struct statx status{};
  if (statx(AT_FDCWD, path.c_str(), flags, wanted, &status) != 0) return std::nullopt;
  return status;
}

FileId IdIn(const struct statx& status) {
  return {makedev(status.stx_dev_major, status.stx_dev_minor), status.stx_ino};
}

std::optional<FileId> IdOf(const std::string& path) {
  const auto status = StatusOf(path, STATX_INO);
  return status ? std::optional(IdIn(*status)) : std::nullopt;
}

// The file's first bytes, as many as there are.
std::string ReadStart(const std::string& path, size_t bytes) {
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return "";
  std::string start(bytes, '\0');
  const ssize_t read = pread(descriptor, start.data(), bytes, 0);
  close(descriptor);
  start.resize(read > 0 ? static_cast<size_t>(read) : 0);
  return start;
}

}  // namespace

DatabaseFiles::DatabaseFiles(std::string path)
    : file_(std::move(path)),
      log_(file_ + "-wal"),
      index_(file_ + "-shm"),
      write_lock_(file_ + ".lock"),
      maintenance_lock_(file_ + ".maintenance"),
      folder_(std::filesystem::path(file_).parent_path() / ".") {}

FilesThere DatabaseFiles::Look() const {
  return {IdOf(file_), IdOf(log_), IdOf(index_), IdOf(write_lock_), IdOf(maintenance_lock_)};
}

std::optional<FolderVersion> DatabaseFiles::LookAtFolder() const {
  const auto status = StatusOf(folder_, STATX_INO | STATX_MTIME);
  if (!status) return std::nullopt;
  const int64_t changed_at = Nanoseconds(status->stx_mtime);
  timespec now{};
  clock_gettime(CLOCK_REALTIME_COARSE, &now);
  if (now.tv_sec * kNanoseconds + now.tv_nsec - changed_at < kSettledAfter) return std::nullopt;
  return FolderVersion{IdIn(*status), changed_at};
}

bool DatabaseFiles::HasAllInFolder() const {
  const auto status = StatusOf(file_, STATX_TYPE, AT_SYMLINK_NOFOLLOW);
  return status && S_ISREG(status->stx_mode);
}

FileVersion DatabaseFiles::Version() const {
  const auto status = StatusOf(file_, STATX_MTIME | STATX_SIZE);
  if (!status) return {};
  return {Nanoseconds(status->stx_mtime), static_cast<int64_t>(status->stx_size)};
}

bool DatabaseFiles::LogIsEmpty() const {
  const std::string start = ReadStart(log_, kWalHeaderBytes + kWalFrameHeaderBytes);
  if (start.size() < kWalHeaderBytes + kWalFrameHeaderBytes || !start.starts_with(kWalMagic)) return true;
  return start.substr(kWalHeaderSalt, kWalSaltBytes) != start.substr(kWalHeaderBytes + kWalFrameSalt, kWalSaltBytes);
}

std::string DatabaseFiles::LogHeader() const {
  std::string header = ReadStart(log_, kWalHeaderBytes);
  return header.size() == kWalHeaderBytes && header.starts_with(kWalMagic) ? header : "";
}

}  // namespace page_count
