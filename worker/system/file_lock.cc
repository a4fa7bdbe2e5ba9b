#include "worker/system/file_lock.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "worker/system/folder_owner.h"

namespace page_count {
namespace {

// Two bytes of the file. Whoever waits for the lock's byte holds the queue's byte meanwhile, so one at a time waits for
// the lock, and its last holder has to queue after that one.
constexpr off_t kLockByte = 0;
constexpr off_t kQueueByte = 1;
// A third byte, share-locked by all who have joined.
constexpr off_t kJoinedByte = 2;

// Open file description locks: each FileLock is a holder of its own, also in one process.
struct flock OneByte(off_t byte, short type) {
  struct flock lock = {};
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  lock.l_start = byte;
  lock.l_len = 1;
  return lock;
}

void SetLock(int descriptor, off_t byte, short type) {
  struct flock lock = OneByte(byte, type);
  while (fcntl(descriptor, F_OFD_SETLKW, &lock) != 0) {
    if (errno != EINTR) throw std::system_error(errno, std::generic_category(), "cannot take a lock");
  }
}

bool TrySetLock(int descriptor, off_t byte, short type = F_WRLCK) {
  struct flock lock = OneByte(byte, type);
  return fcntl(descriptor, F_OFD_SETLK, &lock) == 0;
}

}  // namespace

FileLock::FileLock(const std::string& path) : descriptor_(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0660)) {
  if (descriptor_ < 0) throw std::system_error(errno, std::generic_category(), "cannot open " + path);
  GiveToFolderOwner(path);
}

FileLock::FileLock(int descriptor) : descriptor_(descriptor) {
  if (descriptor_ < 0) throw std::system_error(errno, std::generic_category(), "cannot make a lock");
}

FileLock FileLock::Private() { return FileLock(memfd_create("page-count-lock", MFD_CLOEXEC)); }

FileLock::~FileLock() { close(descriptor_); }

FileLock::Guard FileLock::Lock() const {
  SetLock(descriptor_, kQueueByte, F_WRLCK);
  SetLock(descriptor_, kLockByte, F_WRLCK);
  SetLock(descriptor_, kQueueByte, F_UNLCK);
  return Guard(descriptor_);
}

std::optional<FileLock::Guard> FileLock::TryLock() const {
  if (!TrySetLock(descriptor_, kQueueByte)) return std::nullopt;
  const bool taken = TrySetLock(descriptor_, kLockByte);
  SetLock(descriptor_, kQueueByte, F_UNLCK);
  if (!taken) return std::nullopt;
  return Guard(descriptor_);
}

bool FileLock::Join() const { return TrySetLock(descriptor_, kJoinedByte, F_RDLCK); }

bool FileLock::KeepOthersOut() const { return TrySetLock(descriptor_, kJoinedByte); }

bool FileLock::IsAt(const std::string& path) const {
  struct stat own{};
  struct stat there{};
  if (fstat(descriptor_, &own) != 0 || stat(path.c_str(), &there) != 0) return false;
  return own.st_dev == there.st_dev && own.st_ino == there.st_ino;
}

FileLock::Guard::~Guard() {
  if (descriptor_ < 0) return;
  struct flock lock = OneByte(kLockByte, F_UNLCK);
  fcntl(descriptor_, F_OFD_SETLK, &lock);
}

}  // namespace page_count
