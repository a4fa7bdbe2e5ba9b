// The VisitStore in one SQLite file.
//
// A session (connection, statements, what is remembered of texts) is opened by the first call and thrown away by the
// first error, so a call after the cause is gone works again. After a sync that failed nothing more is appended until
// a checkpoint has synced everything. If the file is moved or deleted under it, it opens the path anew; for its log see
// open_sessions.h. Stores of one process on one database must share their OpenSessions.
#ifndef PAGE_COUNT_STORE_SQLITE_SQLITE_VISIT_STORE_H_
#define PAGE_COUNT_STORE_SQLITE_SQLITE_VISIT_STORE_H_

#include <functional>
#include <memory>
#include <string>

#include "worker/store/sqlite/engine/file_access.h"
#include "worker/store/sqlite/open_sessions.h"
#include "worker/store/visit_store.h"

namespace page_count {

class Transaction;

class SqliteVisitStore final : public VisitStore {
 public:
  struct Options {
    std::string path;
    bool sync_wal = true;  // false gives up durability over a power failure
    std::function<UtcTime()> now;
    FileAccess access = FileAccess::kService;          // another one: for tools, after LookAtFile
    std::shared_ptr<OpenSessions> sessions = nullptr;  // shared by the stores of the process; one of its own without
  };

  explicit SqliteVisitStore(Options options);
  ~SqliteVisitStore() override;

  std::vector<Receipt> Commit(std::span<const Visit* const> batch) override;
  std::optional<std::vector<Receipt>> TryCommit(std::span<const Visit* const> batch) override;
  void MakeDurable() override;
  [[nodiscard]] bool MaintenanceDue() override;
  bool Maintain(Load load) override;
  Summary ReadSummary(UtcTime window_start) override;
  SiteStats ReadSite(size_t pages) override;
  PageStats ReadPage(const TrackedUrl& url, UtcTime window_start) override;
  HourCounts ReadHours(UtcTime from, UtcTime before) override;
  PageCounts ReadTopPages(UtcTime from, UtcTime before, size_t limit) override;
  std::vector<LoggedVisit> ReadNext(ScanCursor& cursor) override;
  int64_t Cleanup(UtcTime cutoff) override;
  int64_t ProbeReading() override;
  void ProbeWriting(int64_t bytes) override;
  void Watch() override;

  // What an operator's commands need of this engine. Workers may run meanwhile.

  // Adds visits that have their times already, and counts them, until `read` has no more: a piece in one transaction,
  // while the next is being read on another thread. Those of one time stay in the order that the pieces have them in,
  // also over several pieces. What is recorded afterwards is no earlier than the newest. Durable once it returns.
  using Read = std::function<VisitList()>;
  void Import(const Read& read);
  // Deletes the visits at `from` or later, from the log and every figure, those included that are recorded meanwhile.
  // Then new visits have the clock's time again: not later than the clock just because of a visit that is gone. Returns
  // how many were deleted.
  int64_t CleanupFrom(UtcTime from);
  // What is damaged or does not agree, a sentence each; empty where all is well.
  std::vector<std::string> Check();
  // Only whether the file itself is damaged.
  std::vector<std::string> CheckFile();
  // Makes every rollup anew from the log.
  void Repair();
  // Writes a copy of all that is committed into a file that is empty or not there. Throws CopyError where it cannot.
  void Backup(const std::string& path);
  // Visits in the log.
  int64_t Count();

 private:
  // An error ends the session.
  template <typename Call>
  auto Guard(Call call) REQUIRES(slot_.in_use);
  template <typename Call>
  auto WithSession(Call call) EXCLUDES(slot_.in_use);
  void RequireFilesInPlace() const REQUIRES(slot_.in_use);
  std::vector<Receipt> CommitIn(Transaction& transaction, std::span<const Visit* const> batch) REQUIRES(slot_.in_use);

  Options options_;
  std::shared_ptr<OpenSessions> sessions_;
  OpenSessions::Slot slot_;
  int64_t committed_since_maintenance_ GUARDED_BY(slot_.in_use) = 0;
  bool must_checkpoint_ GUARDED_BY(slot_.in_use) = false;  // a sync has failed
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_SQLITE_VISIT_STORE_H_
