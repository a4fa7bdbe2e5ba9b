// A lock on a file that one thread of all processes holds at a time, and that is handed on fairly.
//
// Whoever waits gets the next turn but one at the latest: the last holder cannot take it again before them. The kernel
// lets go of it when its holder dies. The file has no content. One instance is used by one thread at a time.
// Throws std::system_error.
#ifndef PAGE_COUNT_SYSTEM_FAIR_LOCK_H_
#define PAGE_COUNT_SYSTEM_FAIR_LOCK_H_

#include <optional>
#include <string>
#include <utility>

namespace page_count {

class FairLock {
 public:
  // Opens the file, or makes it.
  explicit FairLock(const std::string& path);
  // Of a file that has no name: nobody else can take it.
  static FairLock Private();
  ~FairLock();
  FairLock(const FairLock&) = delete;
  FairLock& operator=(const FairLock&) = delete;

  class [[nodiscard]] Turn {
   public:
    explicit Turn(int descriptor) : descriptor_(descriptor) {}
    ~Turn();
    Turn(Turn&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
    Turn& operator=(Turn&&) = delete;

   private:
    int descriptor_;
  };

  // Waits for the turn; it ends with the Turn.
  Turn Take() const;
  // Nothing where somebody else has it or waits for it.
  std::optional<Turn> TryTake() const;

  // Beside the turn: says, for as long as this instance lives, that what the lock guards is in use, or keeps all others
  // from using it. Without waiting; false where somebody else keeps this one out, or uses it.
  [[nodiscard]] bool Join() const;
  [[nodiscard]] bool KeepOthersOut() const;

 private:
  explicit FairLock(int descriptor);

  int descriptor_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_SYSTEM_FAIR_LOCK_H_
