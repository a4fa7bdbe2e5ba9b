// The VisitStore in one SQLite file.
//
// A session (connection, statements, caches of texts) is opened by the first call and thrown away by the
// first error, so a call after the cause is gone works again. After a sync that failed nothing more is appended until
// a checkpoint has synced everything. If the file is moved or deleted under it, it opens the path again; for its log
// see open_sessions.h. Stores of one process on one database must share their OpenSessions.
#ifndef PAGE_COUNT_STORE_SQLITE_SQLITE_VISIT_STORE_H_
#define PAGE_COUNT_STORE_SQLITE_SQLITE_VISIT_STORE_H_

#include <chrono>
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
    FileAccess access = FileAccess::kService;  // another one: for tools, after LookAtFile
    Sealing sealing = {};
    std::shared_ptr<AttributeSource> attributes = nullptr;  // any thread's
    std::chrono::days address_retention = {};               // see AddressExpirer
    std::shared_ptr<OpenSessions> sessions = nullptr;  // shared by the stores of the process; one of its own without
  };

  explicit SqliteVisitStore(Options options);
  ~SqliteVisitStore() override;

  std::optional<std::vector<Receipt>> TryCommit(std::span<const Visit* const> batch) override;
  std::vector<Receipt> Commit(std::span<const Visit* const> batch) override;
  void MakeDurable() override;
  [[nodiscard]] bool MaintenanceDue() override;
  bool Maintain(Load load) override;
  Answers Ask(const Inquiry& inquiry) override;
  std::vector<LoggedVisit> ReadNext(ScanCursor& cursor) override;
  int64_t FindEnd(const ScanRange& range) override;
  int64_t ProbeReading() override;
  void ProbeWriting(int64_t bytes) override;
  bool Watch() override;
  int64_t PruneBefore(UtcTime cutoff) override;
  int64_t PruneFrom(UtcTime from) override;
  void Import(const Read& read) override;
  std::vector<Receipt> RecordPast(std::span<const PastVisit> visits) override;
  void StartAttributesOver(Dimension column) override;
  PageRewrite RewritePages(const PageOf& page_of, Rewriting how) override;
  std::vector<std::string> Check() override;
  void Repair() override;
  int64_t Backup(const std::string& file) override;
  int64_t Count() override;

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
