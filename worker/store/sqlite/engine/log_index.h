// The index of the write-ahead log that a connection has open, which all processes map: SQLite's own (-shm), read, and
// once written, past SQLite.
//
// Borrows the connection, whose thread uses it. Throws StoreError if the index cannot be mapped.
#ifndef PAGE_COUNT_STORE_SQLITE_ENGINE_LOG_INDEX_H_
#define PAGE_COUNT_STORE_SQLITE_ENGINE_LOG_INDEX_H_

#include <string>

#include "worker/store/sqlite/engine/connection.h"

namespace page_count {

class LogIndex {
 public:
  explicit LogIndex(const Connection& connection);

  // Of the log, whoever wrote them; 0 if all of it is in the file.
  int Frames() const;
  // The same, also if all of the log is in the file: nobody reads a frame after these.
  int FramesInLog() const;
  // Whether all of the log is in the file.
  bool LogIsInFile() const;
  // Whether it is the index of the log that has this header: of no other one may frames be read or written by it.
  bool IsOf(const std::string& log_header) const;
  // After a sync of the file that failed the kernel may have dropped what checkpoints wrote there. Has the index
  // rebuilt, as after a crash, so that the next checkpoint moves every frame again. Only under the write lock.
  void Clear() const;

 private:
  unsigned int Number(size_t at) const;

  sqlite3_file* file_;
  unsigned char volatile* bytes_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_ENGINE_LOG_INDEX_H_
