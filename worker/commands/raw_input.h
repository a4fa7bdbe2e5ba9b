// The bytes of a file, a pipe or standard input, in order; on request a second time, also if the input itself can be
// read only once: then all of it is put aside in a file without a name, in $TMPDIR or /var/tmp, as it is read.
//
// Owns its descriptors. One thread. Throws InputError.
#ifndef PAGE_COUNT_COMMANDS_RAW_INPUT_H_
#define PAGE_COUNT_COMMANDS_RAW_INPUT_H_

#include <sys/types.h>

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>

namespace page_count {

// The input cannot be read, or not any further. what() says so to the operator.
class InputError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

class RawInput {
 public:
  enum class Passes { kOne, kTwo };

  // "-" and /dev/stdin are standard input.
  RawInput(const std::string& path, Passes passes);
  ~RawInput();
  RawInput(const RawInput&) = delete;
  RawInput& operator=(const RawInput&) = delete;

  // Returns how many bytes it got, 0 at the end only.
  size_t Read(char* to, size_t size);
  // Begins the second pass. The first must have come to its end.
  void Rewind();

  const std::string& name() const { return name_; }

 private:
  void PutAside(std::string_view bytes) const;
  void Fail(const char* doing) const;

  std::string name_;
  int descriptor_ = -1;
  off_t start_ = -1;  // of what can be read again by itself
  int copy_ = -1;     // of what cannot
};

}  // namespace page_count

#endif  // PAGE_COUNT_COMMANDS_RAW_INPUT_H_
