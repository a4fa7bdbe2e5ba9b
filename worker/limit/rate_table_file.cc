#include "worker/limit/rate_table_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

namespace page_count {
namespace {

constexpr std::array<char, 8> kMagic = {'p', 'g', 'c', 't', 'r', 'a', 't', 'e'};
constexpr uint32_t kLayoutVersion = 5;
constexpr mode_t kOwnerOnly = 0600;
// O_NONBLOCK: whatever is at the path, opening it does not wait.
constexpr int kOpenFlags = O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;

[[noreturn]] void Throw(int error, const std::string& what) {
  throw std::system_error(error, std::system_category(), what);
}

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) close(fd_);
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

// The file that is being made; gone again unless it came to its place.
class NewFile {
 public:
  explicit NewFile(std::string path) : path_(std::move(path)), fd_(Create(path_)) {}
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;
  ~NewFile() {
    if (!placed_) unlink(path_.c_str());
  }
  int fd() const { return fd_.get(); }
  void PlaceAt(const std::string& path) {
    if (rename(path_.c_str(), path.c_str()) != 0) Throw(errno, path);
    placed_ = true;
  }

 private:
  static int Create(const std::string& path) {
    unlink(path.c_str());  // left by one that died here
    const int fd = open(path.c_str(), kOpenFlags | O_CREAT | O_EXCL, kOwnerOnly);
    if (fd < 0) Throw(errno, path);
    return fd;
  }

  std::string path_;
  Descriptor fd_;
  bool placed_ = false;
};

uint32_t BucketCount(const RateTableIdentity& identity) {
  return static_cast<uint32_t>((uint64_t{identity.keys} + RateBucket::kEntries - 1) / RateBucket::kEntries);
}

size_t FileBytes(const RateTableIdentity& identity) {
  return RateTableFile::kBucketsOffset + size_t{BucketCount(identity)} * identity.bucket_bytes;
}

RateTableIdentity IdentityOf(uint32_t keys, uint32_t visits_per_key) {
  RateTableIdentity identity = {.magic = kMagic,
                                .layout_version = kLayoutVersion,
                                .mutex_bytes = sizeof(pthread_mutex_t),
                                .keys = keys,
                                .entries_per_bucket = RateBucket::kEntries,
                                .visits_per_key = visits_per_key,
                                .bucket_bytes = static_cast<uint32_t>(RateBucket::Bytes(visits_per_key)),
                                .boot_id = {}};
  const char* boot_id_path = "/proc/sys/kernel/random/boot_id";
  const Descriptor fd(open(boot_id_path, O_RDONLY | O_CLOEXEC));
  if (fd.get() < 0) Throw(errno, boot_id_path);
  const ssize_t bytes = read(fd.get(), identity.boot_id.data(), identity.boot_id.size());
  if (bytes <= 0) Throw(bytes < 0 ? errno : EIO, boot_id_path);
  return identity;
}

void Allocate(int fd, size_t bytes, const std::string& path) {
  int error = EINTR;
  while (error == EINTR) error = posix_fallocate(fd, 0, static_cast<off_t>(bytes));
  if (error != 0) Throw(error, "allocating " + std::to_string(bytes) + " bytes for " + path);
}

void InitializeMutexes(const RateTableFile& file) {
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
  pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
  for (uint32_t i = 0; i < file.bucket_count(); ++i) pthread_mutex_init(&file.bucket(i).head().mutex, &attributes);
  pthread_mutexattr_destroy(&attributes);
}

}  // namespace

RateTableFile::RateTableFile(int fd, const RateTableIdentity& identity)
    : visits_per_key_(identity.visits_per_key), bucket_count_(BucketCount(identity)), size_(FileBytes(identity)) {
  void* mapped = mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (mapped == MAP_FAILED) Throw(errno, "mapping the rate table");
  bytes_ = static_cast<std::byte*>(mapped);
}

RateTableFile::~RateTableFile() { munmap(bytes_, size_); }

std::unique_ptr<RateTableFile> RateTableFile::Open(const std::string& path, uint32_t keys, uint32_t visits_per_key) {
  const RateTableIdentity identity = IdentityOf(keys, visits_per_key);
  if (auto file = OpenValid(path, identity)) return file;

  const std::string lock_path = path + ".lock";
  const Descriptor lock(open(lock_path.c_str(), kOpenFlags | O_CREAT, kOwnerOnly));
  if (lock.get() < 0) Throw(errno, lock_path);
  while (flock(lock.get(), LOCK_EX) != 0) {
    if (errno != EINTR) Throw(errno, lock_path);
  }
  if (auto file = OpenValid(path, identity)) return file;
  Replace(path, identity);
  auto file = OpenValid(path, identity);
  if (!file) Throw(EIO, path + " is not the rate table just made");
  return file;
}

void RateTableFile::RequireRoom(const std::string& path, uint32_t keys, uint32_t visits_per_key) {
  const RateTableIdentity identity = IdentityOf(keys, visits_per_key);
  if (OpenValid(path, identity)) return;
  const std::string lock_path = path + ".lock";
  if (access(lock_path.c_str(), R_OK | W_OK) != 0 && errno != ENOENT) Throw(errno, lock_path);
  const NewFile probe(path + ".check-" + std::to_string(getpid()));
  Allocate(probe.fd(), FileBytes(identity), path);
}

// Null if there is no such file. Looks with fstat and pread before it maps: a file too short is never touched
// through memory.
std::unique_ptr<RateTableFile> RateTableFile::OpenValid(const std::string& path, const RateTableIdentity& expected) {
  const Descriptor fd(open(path.c_str(), kOpenFlags));
  if (fd.get() < 0) return nullptr;
  struct stat status = {};
  if (fstat(fd.get(), &status) != 0) Throw(errno, path);
  if (!S_ISREG(status.st_mode) || status.st_uid != geteuid()) return nullptr;
  if (static_cast<size_t>(status.st_size) != FileBytes(expected)) return nullptr;
  RateTableIdentity found = {};
  if (pread(fd.get(), &found, sizeof(found), 0) != static_cast<ssize_t>(sizeof(found))) return nullptr;
  if (found != expected) return nullptr;
  return std::unique_ptr<RateTableFile>(new RateTableFile(fd.get(), expected));
}

// Under the lock. The mapping that fills the new file is given up again: pages touched by it would count as this
// process's memory for as long as it lived.
void RateTableFile::Replace(const std::string& path, const RateTableIdentity& identity) {
  NewFile fresh(path + ".new");
  Allocate(fresh.fd(), FileBytes(identity), path);
  {
    const RateTableFile file(fresh.fd(), identity);
    file.header().hash_key = RandomSipHashKey();
    InitializeMutexes(file);
    file.header().identity = identity;
  }
  fresh.PlaceAt(path);
}

}  // namespace page_count
