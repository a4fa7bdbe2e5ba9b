#include "worker/system/shared_counters.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <system_error>

namespace page_count {
namespace {

constexpr size_t kBytes = (SharedCounters::kMost + 1) * sizeof(int64_t);

static_assert(std::atomic_ref<int64_t>::is_always_lock_free);

[[noreturn]] void Throw(int error, const char* what, const std::string& path) {
  throw std::system_error(error, std::generic_category(), std::string(what) + " " + path);
}

// A new file is zeros; whatever one that is there holds stays. The room is taken at once: on a full file system a first
// touch of the mapping would be a SIGBUS.
int64_t* Map(const std::string& path) {
  const int file = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (file < 0) Throw(errno, "cannot open", path);
  const int no_room = posix_fallocate(file, 0, kBytes);
  void* const mapped = no_room == 0 ? mmap(nullptr, kBytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0) : MAP_FAILED;
  const int error = no_room != 0 ? no_room : errno;
  close(file);
  if (mapped == MAP_FAILED) Throw(error, "cannot map", path);
  return static_cast<int64_t*>(mapped);
}

}  // namespace

SharedCounters::SharedCounters(const std::string& path, int64_t now_ms) : numbers_(Map(path)) {
  int64_t nobody_yet = 0;
  std::atomic_ref<int64_t>(numbers_[0]).compare_exchange_strong(nobody_yet, now_ms);
}

SharedCounters::~SharedCounters() { munmap(numbers_, kBytes); }

void SharedCounters::Add(size_t counter, int64_t count) {
  std::atomic_ref<int64_t>(numbers_[counter + 1]).fetch_add(count, std::memory_order_relaxed);
}

int64_t SharedCounters::Read(size_t counter) const {
  return std::atomic_ref<int64_t>(numbers_[counter + 1]).load(std::memory_order_relaxed);
}

int64_t SharedCounters::since_ms() const { return std::atomic_ref<int64_t>(numbers_[0]).load(); }

}  // namespace page_count
