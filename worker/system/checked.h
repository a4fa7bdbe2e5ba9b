// The result of a system call that says -1 if it fails.
#ifndef PAGE_COUNT_SYSTEM_CHECKED_H_
#define PAGE_COUNT_SYSTEM_CHECKED_H_

#include <cerrno>
#include <system_error>

namespace page_count {

// Returns the result. Throws std::system_error for errno, with the call's name, if it is negative.
inline int Checked(int result, const char* call) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), call);
  return result;
}

}  // namespace page_count

#endif  // PAGE_COUNT_SYSTEM_CHECKED_H_
