// Memory of zeros straight from the system, in large pages where it has them, given back at the end.
//
// For large arrays that are touched here and there: nothing is cleared that is never touched, and addresses are
// translated faster. Throws std::bad_alloc.
#ifndef PAGE_COUNT_STORE_SQLITE_QUESTION_MAPPED_MEMORY_H_
#define PAGE_COUNT_STORE_SQLITE_QUESTION_MAPPED_MEMORY_H_

#include <cstddef>
#include <cstdint>
#include <span>

namespace page_count {

class MappedMemory {
 public:
  MappedMemory() = default;
  explicit MappedMemory(size_t words);
  ~MappedMemory();
  MappedMemory(MappedMemory&& other) noexcept;
  MappedMemory& operator=(MappedMemory&& other) noexcept;

  std::span<uint64_t> words() const { return words_; }

 private:
  std::span<uint64_t> words_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_QUESTION_MAPPED_MEMORY_H_
