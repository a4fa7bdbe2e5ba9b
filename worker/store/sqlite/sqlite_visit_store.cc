#include "worker/store/sqlite/sqlite_visit_store.h"

#include <algorithm>
#include <optional>
#include <type_traits>
#include <utility>

#include "worker/store/sqlite/columns/visit_count.h"
#include "worker/store/sqlite/engine/log_ownership.h"
#include "worker/store/sqlite/engine/write_transaction.h"
#include "worker/store/sqlite/log/visit_log.h"
#include "worker/store/sqlite/session.h"
#include "worker/store/sqlite/tools/file_copy.h"
#include "worker/store/sqlite/tools/import_run.h"
#include "worker/store/sqlite/tools/integrity.h"

namespace page_count {
namespace {

constexpr char kImportCache[] = "pragma cache_size=-65536";  // KiB: its transactions change many pages

// Committed since the last time: the maintenance is worth a look. (A whole block is sealed only if it is full.)
constexpr int64_t kMaintenanceVisits = 16'384;

}  // namespace

SqliteVisitStore::SqliteVisitStore(Options options)
    : options_(std::move(options)),
      sessions_(options_.sessions ? options_.sessions
                                  : std::make_shared<OpenSessions>(options_.path, options_.access, options_.sealing,
                                                                   options_.attributes, options_.address_retention)) {}

SqliteVisitStore::~SqliteVisitStore() {
  const MutexLock in_use(slot_.in_use);
  sessions_->Close(slot_);
}

template <typename Call>
auto SqliteVisitStore::Guard(Call call) {
  try {
    return call();
  } catch (const ForeignLogError&) {
    sessions_->CloseAll(slot_);
    throw;
  } catch (...) {
    // On files that are gone it may hold visits that nothing else does: OpenSessions saves them, and says what
    // happened.
    if (slot_.session && !slot_.session->connection.FilesAreInPlace()) sessions_->Open(slot_);
    sessions_->Close(slot_);
    throw;
  }
}

template <typename Call>
auto SqliteVisitStore::WithSession(Call call) {
  const MutexLock in_use(slot_.in_use);
  return Guard([&] {
    slot_.in_use.AssertHeld();
    sessions_->Open(slot_);
    if constexpr (std::is_void_v<decltype(call(*slot_.session))>) {
      call(*slot_.session);
      RequireFilesInPlace();
    } else {
      auto result = call(*slot_.session);
      RequireFilesInPlace();
      return result;
    }
  });
}

void SqliteVisitStore::RequireFilesInPlace() const {
  if (slot_.session->connection.FilesAreInPlace()) return;
  throw StoreError("database " + options_.path + ": was moved, deleted or replaced while it was in use");
}

std::vector<Receipt> SqliteVisitStore::Commit(std::span<const Visit* const> batch) {
  return WithSession([&](Session& session) {
    slot_.in_use.AssertHeld();
    const auto lock = session.writer.Lock();
    RequireOwnFiles(session.connection);
    if (must_checkpoint_ && !MoveWholeLog(session.connection, Connection::CheckpointKind::kRestart)) {
      throw StoreError("a sync failed, and readers keep a checkpoint back");
    }
    must_checkpoint_ = false;
    Transaction transaction(session.connection, Transaction::Kind::kWrite);
    return CommitIn(transaction, batch);
  });
}

std::optional<std::vector<Receipt>> SqliteVisitStore::TryCommit(std::span<const Visit* const> batch) {
  if (!slot_.in_use.TryLock()) return std::nullopt;
  const MutexLock in_use(slot_.in_use, std::adopt_lock);
  if (!slot_.session || must_checkpoint_) return std::nullopt;
  return Guard([&]() -> std::optional<std::vector<Receipt>> {
    slot_.in_use.AssertHeld();
    Session& session = *slot_.session;
    const auto lock = session.writer.TryLock();
    if (!lock || !FilesAreKnown(session.connection)) return std::nullopt;
    Transaction transaction(session.connection, Transaction::Kind::kWriteIfFree);
    if (!transaction.has_begun()) return std::nullopt;
    return CommitIn(transaction, batch);
  });
}

std::vector<Receipt> SqliteVisitStore::CommitIn(Transaction& transaction, std::span<const Visit* const> batch) {
  auto receipts = slot_.session->appender.Append(batch, options_.now());
  transaction.Commit();
  committed_since_maintenance_ += static_cast<int64_t>(batch.size());
  return receipts;
}

void SqliteVisitStore::MakeDurable() {
  const MutexLock in_use(slot_.in_use);
  Guard([&] {
    slot_.in_use.AssertHeld();
    if (!slot_.session) throw StoreError("database " + options_.path + ": was closed while visits were recorded");
    if (options_.sync_wal) {
      must_checkpoint_ = true;
      slot_.session->connection.SyncWal();
      must_checkpoint_ = false;
    }
    // A visit is not kept in files that were taken away since: what was committed there is not acknowledged.
    RequireFilesInPlace();
  });
}

bool SqliteVisitStore::MaintenanceDue() {
  const MutexLock in_use(slot_.in_use);
  const bool log_is_long = slot_.session && slot_.session->checkpointer.IsDue();
  if (committed_since_maintenance_ < kMaintenanceVisits && !log_is_long) return false;
  committed_since_maintenance_ = 0;
  return true;
}

bool SqliteVisitStore::Maintain(Load load) {
  {
    const MutexLock in_use(slot_.in_use);
    sessions_->Notice(slot_);  // leaves it to the next call to report a loss
  }
  return WithSession([this, load](Session& session) {
    const auto maintenance = session.maintenance.TryLock();
    if (!maintenance) return false;  // somebody else is at it
    if (options_.access == FileAccess::kService) {
      session.MarkLogOnce();
      session.checkpointer.ReserveLog();
      session.checkpointer.LookAtLog();  // as the recorders have long written it when nothing is sealed yet
    }
    bool more = session.sealer.SealSome(load);
    more = session.client_counter.CountSome() || more;
    if (!more) more = session.attribute_job.WorkOutSome();
    more = session.request_id_job.MoveSome(load == Load::kQuiet) || more;
    if (!more) more = session.address_expirer.ExpireSome(options_.now());
    if (!more && load == Load::kQuiet) {
      more = session.request_id_job.ForgetSome(options_.now()) || session.free_pages.ReturnSome();
    }
    session.checkpointer.RunIfDue();
    return more;
  });
}

Answers SqliteVisitStore::Ask(const Inquiry& inquiry) {
  return WithSession([&](Session& session) { return session.analytics.Ask(inquiry); });
}

std::vector<LoggedVisit> SqliteVisitStore::ReadNext(ScanCursor& cursor) {
  return WithSession([&](Session& session) {
    // A scan does not mix the visits of two files: a backup may have been put back meanwhile.
    const uint64_t file = session.connection.files().Look().file.value_or(FileId{}).inode;
    if (cursor.file.value_or(file) != file) {
      throw StoreError("database " + options_.path + ": was replaced while visits were read");
    }
    cursor.file = file;
    auto visits = session.analytics.ReadChunk(cursor);
    if (cursor.is_over) session.connection.RequireUnchanged();
    return visits;
  });
}

int64_t SqliteVisitStore::FindEnd(const ScanRange& range) {
  return WithSession([&](Session& session) { return session.analytics.FindEnd(range); });
}

int64_t SqliteVisitStore::PruneBefore(UtcTime cutoff) {
  return WithSession([&](Session& session) {
    const auto maintenance = session.maintenance.Lock();
    const int64_t deleted = session.DeleteVisits(kNoVisit, FirstIdAt(cutoff));
    session.pruner.DeleteTexts();
    if (options_.access == FileAccess::kService) session.connection.SyncWal();
    return deleted;
  });
}

int64_t SqliteVisitStore::PruneFrom(UtcTime from) {
  return WithSession([&](Session& session) {
    const auto maintenance = session.maintenance.Lock();
    const VisitId first = FirstIdAt(from);
    int64_t deleted = session.DeleteVisits(first, kAfterAllVisits);
    deleted += session.pruner.DeleteTail(first);
    session.pruner.DeleteTexts();
    session.connection.SyncWal();
    return deleted;
  });
}

int64_t SqliteVisitStore::ProbeReading() {
  return WithSession([](Session& session) { return session.state.Read().newest; });
}

// What is written goes to the end of the write-ahead log, as a batch of visits would, and is not committed: the next
// writer's frames take its place.
void SqliteVisitStore::ProbeWriting(int64_t bytes) {
  WithSession([&](Session& session) {
    {
      const WriteTransaction lock(session.connection, session.writer);
      session.probe_room.Execute(bytes);
      session.connection.WriteUncommitted();
    }
    if (options_.sync_wal) session.connection.SyncWal();
  });
}

bool SqliteVisitStore::Watch() {
  const MutexLock in_use(slot_.in_use);
  sessions_->Notice(slot_);
  if (!slot_.session) return false;
  return Guard([this] {
    slot_.in_use.AssertHeld();
    Session& session = *slot_.session;
    {
      const auto lock = session.writer.Lock();
      RequireOwnFiles(session.connection);
    }
    const LogState state = session.state.Read();
    return state.clients.clients_watermark < state.sealed_watermark || session.free_pages.AreMany() ||
           session.address_expirer.IsDue(options_.now());
  });
}

void SqliteVisitStore::Import(const Read& read) {
  WithSession([&](Session& session) {
    session.connection.Execute(kImportCache);
    Session resolving(options_.path, options_.access, options_.sealing, nullptr);
    const auto maintenance = session.maintenance.Lock();
    ImportRun(session.importer, resolving.importer, session.checkpointer, options_.path, options_.sealing.block_visits)
        .AddAll(read);
    session.client_counter.CountAll();
    session.connection.SyncWal();
  });
}

PageRewrite SqliteVisitStore::RewritePages(const PageOf& page_of, Rewriting how) {
  return WithSession([&](Session& session) { return session.RewritePages(page_of, how); });
}

std::vector<Receipt> SqliteVisitStore::RecordPast(std::span<const PastVisit> visits) {
  return WithSession([&](Session& session) {
    const auto maintenance = session.maintenance.Lock();
    auto receipts = session.past_recorder.Record(visits, options_.now());
    session.checkpointer.RunIfDue();
    if (options_.sync_wal) session.connection.SyncWal();
    return receipts;
  });
}

void SqliteVisitStore::StartAttributesOver(Dimension column) {
  WithSession([column](Session& session) { session.attribute_job.StartOver(column); });
}

std::vector<std::string> SqliteVisitStore::Check() {
  return WithSession([](Session& session) {
    auto problems = CheckIntegrity(session.connection);
    session.connection.RequireUnchanged();
    return problems;
  });
}

void SqliteVisitStore::Repair() {
  WithSession([](Session& session) {
    const auto maintenance = session.maintenance.Lock();
    WriteTransaction lock(session.connection, session.writer);
    CountAgain(session.connection);
    lock.Commit();
  });
  while (Maintain(Load::kQuiet)) {
  }
}

int64_t SqliteVisitStore::Backup(const std::string& file) {
  WithSession([&](Session& session) {
    CopyDatabase(session.connection, file);
    session.connection.RequireUnchanged();
  });
  return VerifyCopy(file);
}

int64_t SqliteVisitStore::Count() {
  return WithSession([](Session& session) { return CountVisits(session.connection); });
}

}  // namespace page_count
