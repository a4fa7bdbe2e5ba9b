// The sessions that the stores of one process have open on one database, and what becomes of them when one of its files
// is moved, deleted or replaced.
//
// SQLite shares the log's index among all connections of a process to a file, also after it was deleted: so that no two
// processes work on one log by two indexes, all sessions on files that are gone are closed before any is opened anew.
//
// A log that was taken away lives on in the descriptors of who has it open, and so do the visits in it: as long as no
// other log stands in its place, the first process to notice moves it into the file, under the write lock. Where
// another does, nothing is written over it. Either way the call that has noticed fails, so that the log says it, and
// the next one starts with a new log.
//
// Any thread. Shared by stores; each has one slot, which must be held (in_use) by whoever calls on its behalf.
#ifndef PAGE_COUNT_STORE_SQLITE_OPEN_SESSIONS_H_
#define PAGE_COUNT_STORE_SQLITE_OPEN_SESSIONS_H_

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "worker/store/sqlite/session.h"

namespace page_count {

class OpenSessions {
 public:
  explicit OpenSessions(const std::string& path, FileAccess access = FileAccess::kService)
      : files_(path), access_(access) {}

  struct Slot {
    std::mutex in_use;  // held by whoever works with the session, or closes it
    std::unique_ptr<Session> session;
    std::optional<FilesThere> opened;  // by the session; guarded by mutex_
    int64_t sessions = 0;              // that were opened in it
  };
  void Add(Slot& slot);
  void Remove(Slot& slot);

  // Opens the slot's session, unless it is open on files that are still there. Throws StoreError where it cannot, and
  // once for each time that a log or its index was taken away.
  void Open(Slot& slot);
  void Close(Slot& slot);
  // Closes this and those of others that nobody works with: what is at the paths is not to be trusted.
  void CloseAll(Slot& slot);
  // Saves what can be saved if files were taken away, but leaves it to the next Open to say so. For where nobody else
  // looks.
  void Notice(Slot& slot);

 private:
  static bool IsInPlace(const Slot& slot);
  // Closes all sessions on files that are gone. What the next call is to fail with; nothing where the database itself
  // is gone, as a new one may be begun.
  std::optional<std::string> Retire(Slot& own);
  std::optional<std::string> SaveAndClear(Session& session);
  std::string SaveLog(Session& session, const FilesThere& there);
  void Forget(Slot& slot);

  const DatabaseFiles files_;
  const FileAccess access_;
  std::mutex mutex_;
  std::vector<Slot*> slots_;
  std::optional<std::string> unsaid_;  // of a Notice
  std::string saved_log_;              // its header: all of that log is in the file
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_OPEN_SESSIONS_H_
