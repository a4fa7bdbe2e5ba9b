#include "worker/system/day_key_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <system_error>
#include <utility>
#include <vector>

#include "worker/system/folder_owner.h"

namespace page_count {
namespace {

constexpr mode_t kOwnerOnly = 0600;

// As it stands in the file, one after the other.
struct Entry {
  int64_t day = 0;  // since 1970-01-01
  HashKey key{};
};
constexpr size_t kMostEntries = 3;  // today's, and those of the days beside it if the clock was put back
static_assert(sizeof(Entry) == sizeof(int64_t) + sizeof(HashKey));

[[noreturn]] void Throw(const std::string& path) { throw std::system_error(errno, std::generic_category(), path); }

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

// Whether a key is neither older than yesterday's nor of a day that is far ahead.
bool IsKept(std::chrono::sys_days day, std::chrono::sys_days today) {
  return day >= today - std::chrono::days(1) && day <= today + std::chrono::days(1);
}

}  // namespace

DayKeyFile::DayKeyFile(std::string path) : path_(std::move(path)), lock_(path_ + "-lock") {}

const HashKey& DayKeyFile::KeyOf(std::chrono::sys_days day) {
  if (const auto known = keys_.find(day); known != keys_.end()) return known->second;
  const auto turn = lock_.Lock();
  keys_ = Read();
  const size_t expired = std::erase_if(keys_, [day](const auto& entry) { return !IsKept(entry.first, day); });
  const bool is_new = keys_.find(day) == keys_.end();
  if (is_new) keys_[day] = RandomHashKey();
  if (is_new || expired > 0) Write(keys_);
  return keys_[day];
}

void DayKeyFile::Delete() {
  const auto turn = lock_.Lock();
  keys_.clear();
  unlink(Partial().c_str());
  if (unlink(path_.c_str()) != 0 && errno != ENOENT) Throw(path_);
}

DayKeyFile::Keys DayKeyFile::Read() const {
  const Descriptor file(open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (file.get() < 0) {
    if (errno == ENOENT) return {};
    Throw(path_);
  }
  std::array<Entry, kMostEntries + 1> entries;
  const ssize_t bytes = read(file.get(), entries.data(), sizeof(entries));
  if (bytes < 0) Throw(path_);
  const auto count = static_cast<size_t>(bytes) / sizeof(Entry);
  if (count > kMostEntries || static_cast<size_t>(bytes) % sizeof(Entry) != 0) return {};
  Keys keys;
  for (size_t i = 0; i < count; ++i) {
    if (entries[i].key == HashKey{}) return {};  // written before the power went, its bytes were not
    keys[std::chrono::sys_days(std::chrono::days(entries[i].day))] = entries[i].key;
  }
  return keys;
}

void DayKeyFile::Write(const Keys& keys) const {
  std::vector<Entry> entries;
  for (const auto& [day, key] : keys) entries.push_back({day.time_since_epoch().count(), key});
  const size_t bytes = entries.size() * sizeof(Entry);

  const std::string partial = Partial();
  unlink(partial.c_str());  // left by a process that died here
  const Descriptor file(open(partial.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, kOwnerOnly));
  if (file.get() < 0) Throw(partial);
  GiveToFolderOwner(partial);
  const ssize_t written = write(file.get(), entries.data(), bytes);
  if (written >= 0 && static_cast<size_t>(written) < bytes) errno = ENOSPC;
  const bool is_whole = written >= 0 && static_cast<size_t>(written) == bytes;
  if (!is_whole || rename(partial.c_str(), path_.c_str()) != 0) {
    const int error = errno;
    unlink(partial.c_str());
    errno = error;
    Throw(path_);
  }
}

}  // namespace page_count
