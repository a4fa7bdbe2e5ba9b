// The sessions that the stores of one process have open on one database, and what becomes of them when one of its files
// is moved, deleted or replaced. All of these are closed before any is opened again: SQLite shares the log's index
// among a process's connections to a file, also after it was deleted.
//
// A log that was taken away lives on, with its visits, in the descriptors of those who have it open. The first process
// to notice moves it into the file, under the write lock, unless another log is in its place, which is left as it is. A
// lock that was taken away is waited for once: who takes it later sees that it is not the one at its path. The call
// that has noticed fails, so that the worker's log says it; the next one starts with a new log, or a new lock.
//
// Any thread. Shared by stores; each owns one slot, whose mutex is locked before mutex_. Other stores' slots are only
// tried: a session that is in use is left to its user.
#ifndef PAGE_COUNT_STORE_SQLITE_OPEN_SESSIONS_H_
#define PAGE_COUNT_STORE_SQLITE_OPEN_SESSIONS_H_

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "worker/base/mutex.h"
#include "worker/store/sqlite/session.h"

namespace page_count {

class OpenSessions {
 public:
  explicit OpenSessions(const std::string& path, FileAccess access = FileAccess::kService, Sealing sealing = {},
                        std::shared_ptr<AttributeSource> attributes = nullptr, std::chrono::days address_retention = {})
      : files_(path),
        access_(access),
        sealing_(sealing),
        attributes_(std::move(attributes)),
        address_retention_(address_retention) {}

  struct Slot {
    Mutex in_use;  // held by whoever works with the session, or closes it
    std::unique_ptr<Session> session GUARDED_BY(in_use);
  };

  // Opens the slot's session, unless it is open on files that are still there. Throws StoreError if it cannot, and
  // once for each time that a log or its index was taken away.
  void Open(Slot& slot) REQUIRES(slot.in_use) EXCLUDES(mutex_);
  // Call it before the slot goes, too.
  void Close(Slot& slot) REQUIRES(slot.in_use) EXCLUDES(mutex_);
  // Closes this and those of others that nobody works with: what is at the paths is not to be trusted.
  void CloseAll(Slot& slot) REQUIRES(slot.in_use) EXCLUDES(mutex_);
  // Saves what can be saved if files were taken away, but leaves it to the next Open to report it. For the
  // maintenance thread.
  void Notice(Slot& slot) REQUIRES(slot.in_use) EXCLUDES(mutex_);

 private:
  static bool IsInPlace(const Slot& slot) REQUIRES(slot.in_use);
  // Closes all sessions on files that are gone; those that are in use close by themselves as their users notice, for
  // which it waits a moment. Returns what the next call is to fail with; nullopt if the database itself is gone, as a
  // new one may be begun.
  std::optional<std::string> Retire(Slot& own) REQUIRES(own.in_use, mutex_);
  std::optional<std::string> CloseLost(Slot& own, bool& all_are_closed) REQUIRES(own.in_use, mutex_);
  // nullptr if somebody works with its session.
  static std::unique_ptr<MutexLock> TryHold(Slot& slot) NO_THREAD_SAFETY_ANALYSIS;
  std::optional<std::string> SaveAndClear(Session& session) REQUIRES(mutex_);
  std::string SaveLog(Session& session, const FilesThere& there) REQUIRES(mutex_);
  void CloseLocked(Slot& slot) REQUIRES(slot.in_use, mutex_);

  const DatabaseFiles files_;
  const FileAccess access_;
  const Sealing sealing_;
  const std::shared_ptr<AttributeSource> attributes_;
  const std::chrono::days address_retention_;
  Mutex mutex_;
  CondVar closed_;                                                        // a session on files that are gone
  std::map<Slot*, std::optional<FilesThere>> opened_ GUARDED_BY(mutex_);  // by the sessions that are open
  std::optional<std::string> unsaid_ GUARDED_BY(mutex_);                  // of a Notice
  std::string saved_log_ GUARDED_BY(mutex_);                              // its header: all of that log is in the file
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_OPEN_SESSIONS_H_
