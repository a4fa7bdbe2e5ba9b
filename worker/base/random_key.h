// A key that nobody can guess, from the kernel.
#ifndef PAGE_COUNT_BASE_RANDOM_KEY_H_
#define PAGE_COUNT_BASE_RANDOM_KEY_H_

#include <sys/random.h>

#include <cerrno>
#include <system_error>

namespace page_count {

// Throws std::system_error if the kernel has none to give.
template <typename Key>
[[nodiscard]] Key RandomKey() {
  Key key;
  if (getrandom(key.data(), key.size(), 0) != static_cast<ssize_t>(key.size())) {
    throw std::system_error(errno, std::generic_category(), "getrandom");
  }
  return key;
}

}  // namespace page_count

#endif  // PAGE_COUNT_BASE_RANDOM_KEY_H_
