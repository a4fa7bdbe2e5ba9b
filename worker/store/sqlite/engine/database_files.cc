#include "worker/store/sqlite/engine/database_files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <array>
#include <string_view>
#include <utility>

namespace page_count {
namespace {

// https://sqlite.org/walformat.html: a header of 32 bytes, then frames, each a header of 24 bytes and a page. Both
// headers hold the log's salt; a frame with another salt is left over from before the log started over.
constexpr size_t kHeaderBytes = 32;
constexpr size_t kFrameHeaderBytes = 24;
constexpr size_t kSaltBytes = 8;
constexpr size_t kHeaderSalt = 16;
constexpr size_t kFrameSalt = kHeaderBytes + 8;
constexpr std::string_view kMagic("\x37\x7f\x06", 3);  // the fourth byte is 0x82 or 0x83

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
  const std::string start = ReadStart(log_, kHeaderBytes + kFrameHeaderBytes);
  if (start.size() < kHeaderBytes + kFrameHeaderBytes || !start.starts_with(kMagic)) return true;
  return start.substr(kHeaderSalt, kSaltBytes) != start.substr(kFrameSalt, kSaltBytes);
}

std::string DatabaseFiles::LogHeader() const {
  std::string header = ReadStart(log_, kHeaderBytes);
  return header.size() == kHeaderBytes && header.starts_with(kMagic) ? header : "";
}

}  // namespace page_count
