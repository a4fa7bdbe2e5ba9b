#include "worker/store/sqlite/question/mapped_memory.h"

#include <sys/mman.h>

#include <new>
#include <utility>

namespace page_count {
namespace {

constexpr size_t kBytesOfLargePages = 8 << 20;  // a smaller array is cleared sooner in small pages

}  // namespace

MappedMemory::MappedMemory(size_t words) {
  if (words == 0) return;
  const size_t bytes = words * sizeof(uint64_t);
  void* const mapped = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapped == MAP_FAILED) throw std::bad_alloc();
  if (bytes >= kBytesOfLargePages) madvise(mapped, bytes, MADV_HUGEPAGE);  // a hint: small pages do as well
  words_ = {static_cast<uint64_t*>(mapped), words};
}

MappedMemory::~MappedMemory() {
  if (!words_.empty()) munmap(words_.data(), words_.size_bytes());
}

MappedMemory::MappedMemory(MappedMemory&& other) noexcept : words_(std::exchange(other.words_, {})) {}

MappedMemory& MappedMemory::operator=(MappedMemory&& other) noexcept {
  std::swap(words_, other.words_);
  return *this;
}

}  // namespace page_count
