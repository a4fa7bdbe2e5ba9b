// A lock on a file that one thread of all processes holds at a time, and that is handed on fairly.
//
// While others wait, its last holder cannot take it again before the first of them. The kernel releases it when its
// holder dies. The file has no content. One instance is used by one thread at a time. Throws std::system_error.
// clang's -Wthread-safety knows nothing of it: what it guards is files, and a Guard is returned and moved about, which
// that does not follow.
#ifndef PAGE_COUNT_SYSTEM_FILE_LOCK_H_
#define PAGE_COUNT_SYSTEM_FILE_LOCK_H_

#include <optional>
#include <string>
#include <utility>

namespace page_count {

class FileLock {
 public:
  // Opens the file, or makes it.
  explicit FileLock(const std::string& path);
  // Of a file that has no name: nobody else can take it.
  static FileLock Private();
  ~FileLock();
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

  class [[nodiscard]] Guard {
   public:
    explicit Guard(int descriptor) : descriptor_(descriptor) {}
    ~Guard();
    Guard(Guard&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
    Guard& operator=(Guard&&) = delete;

   private:
    int descriptor_;
  };

  // Waits for the lock, which the Guard gives up.
  Guard Lock() const;
  // nullopt if somebody else has it or waits for it.
  std::optional<Guard> TryLock() const;

  // Beside the lock: says, for as long as this instance lives, that what the lock guards is in use, or keeps all others
  // from using it. Without waiting; false if somebody else keeps this one out, or uses it.
  [[nodiscard]] bool Join() const;
  [[nodiscard]] bool KeepOthersOut() const;

  // Whether the path names this lock's file: who opens the path now takes this lock, and no other.
  bool IsAt(const std::string& path) const;

 private:
  explicit FileLock(int descriptor);

  int descriptor_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_SYSTEM_FILE_LOCK_H_
