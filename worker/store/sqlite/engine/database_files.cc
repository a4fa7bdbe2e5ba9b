#include "worker/store/sqlite/engine/database_files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <utility>

#include "worker/store/sqlite/engine/wal_format.h"

namespace page_count {
namespace {

constexpr int64_t kNanoseconds = 1'000'000'000;

// Asks for times only if they are wanted. Since Linux 6.13 a file whose times were asked for gets new ones with its
// next write (multigrain timestamps), and its inode is written once more: between two commits to a log that is a third
// block for each sync.
std::optional<FileId> IdOf(const std::string& path, FileVersion* version = nullptr) {
  const unsigned int wanted = version == nullptr ? STATX_INO : STATX_INO | STATX_MTIME | STATX_SIZE;
  struct statx status{};
  if (statx(AT_FDCWD, path.c_str(), 0, wanted, &status) != 0) return std::nullopt;
  if (version != nullptr) {
    *version = {status.stx_mtime.tv_sec * kNanoseconds + status.stx_mtime.tv_nsec,
                static_cast<int64_t>(status.stx_size)};
  }
  return FileId{makedev(status.stx_dev_major, status.stx_dev_minor), status.stx_ino};
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
      maintenance_lock_(file_ + ".maintenance") {}

FilesThere DatabaseFiles::Look(FileVersion* version) const {
  return {IdOf(file_, version), IdOf(log_), IdOf(index_), IdOf(write_lock_), IdOf(maintenance_lock_)};
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
