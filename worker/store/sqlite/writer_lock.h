// The one writer's turn, over all threads and processes that work on a database: a lock on a file beside it.
//
// SQLite's own busy handler polls and is unfair, and SQLite 3.40.1 may lose pages where two connections write and
// checkpoint at once; so who writes, checkpoints, migrates or repairs holds this first. Whoever waits gets the next
// turn but one at the latest: the last holder cannot take it again before them. The kernel lets go of it when its
// holder dies. One instance a thread. Throws StoreError where the file cannot be opened.
#ifndef PAGE_COUNT_STORE_SQLITE_WRITER_LOCK_H_
#define PAGE_COUNT_STORE_SQLITE_WRITER_LOCK_H_

#include <string>

namespace page_count {

class WriterLock {
 public:
  // `name` tells locks of one database apart: "lock" is the writer's, "maintenance" keeps long changes (cleanup,
  // import, repair) from each other.
  WriterLock(const std::string& database_path, const char* name);
  ~WriterLock();
  WriterLock(const WriterLock&) = delete;
  WriterLock& operator=(const WriterLock&) = delete;

  class [[nodiscard]] Turn {
   public:
    explicit Turn(const WriterLock& lock);
    ~Turn();
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

   private:
    int descriptor_;
  };

  // Waits for the turn; it ends with the Turn.
  Turn Take() const { return Turn(*this); }

 private:
  int descriptor_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_WRITER_LOCK_H_
