// The one writer's turn, over all threads and processes that work on a database: a lock on a file beside it.
//
// SQLite's own busy handler polls and is unfair, and SQLite 3.40.1 may lose pages where two connections write and
// checkpoint at once; so who writes, checkpoints, migrates or repairs holds this first. Whoever waits gets the next
// turn but one at the latest: the last holder cannot take it again before them. The kernel lets go of it when its
// holder dies. One instance a thread. Throws StoreError where the file cannot be opened.
#ifndef PAGE_COUNT_STORE_SQLITE_WRITER_LOCK_H_
#define PAGE_COUNT_STORE_SQLITE_WRITER_LOCK_H_

#include <optional>
#include <string>
#include <utility>

namespace page_count {

class WriterLock {
 public:
  // `name` tells locks of one database apart: "lock" is the writer's, "maintenance" is for who moves visits on from
  // the tail (filing, rolling up, import, repair), takes them away (cleanup) or checkpoints the log.
  WriterLock(const std::string& database_path, const char* name);
  ~WriterLock();
  WriterLock(const WriterLock&) = delete;
  WriterLock& operator=(const WriterLock&) = delete;

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

 private:
  int descriptor_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_WRITER_LOCK_H_
