#include "worker/store/sqlite/sqlite_visit_store.h"

#include <algorithm>
#include <future>
#include <optional>

#include "worker/fair_lock.h"
#include "worker/store/sqlite/analytics.h"
#include "worker/store/sqlite/appender.h"
#include "worker/store/sqlite/checkpointer.h"
#include "worker/store/sqlite/cleanup.h"
#include "worker/store/sqlite/file_copy.h"
#include "worker/store/sqlite/importer.h"
#include "worker/store/sqlite/integrity.h"
#include "worker/store/sqlite/log_counter.h"
#include "worker/store/sqlite/migrations.h"
#include "worker/store/sqlite/range_analytics.h"
#include "worker/store/sqlite/visit_log.h"
#include "worker/store/sqlite/write_turn.h"

namespace page_count {
namespace {

constexpr int64_t kScanVisits = 2'000;                       // a read transaction's
constexpr char kImportCache[] = "pragma cache_size=-98304";  // KiB: its transactions change many pages

}  // namespace

struct SqliteVisitStore::Session {
  explicit Session(const Options& options)
      : connection(options.path, options.access),
        writer(LockFor(options, ".lock")),
        maintenance(LockFor(options, ".maintenance")),
        appender(connection),
        rollups(connection),
        checkpointer(connection, writer),
        log_counter(connection, writer, rollups, [this] { checkpointer.RunIfDue(); }),
        importer(connection, writer, rollups),
        cleanup(connection, writer, rollups, [this] { checkpointer.RunIfDue(); }),
        analytics(connection),
        ranges(connection),
        visit_scan(connection, "visit_scan"),
        probe(connection, "state_probe") {
    if (options.access == FileAccess::kRead) return;
    // What somebody is just counting is planned for the schema as it was.
    std::optional<FairLock::Turn> nobody_maintains;
    if (IsOutdated(connection)) nobody_maintains.emplace(maintenance.Take());
    const auto turn = writer.Take();
    Migrate(connection);
  }

  // Where nobody else has the file, or nothing is written, a lock that nobody else knows.
  static FairLock LockFor(const Options& options, const char* suffix) {
    return options.access == FileAccess::kService ? FairLock(options.path + suffix) : FairLock::Private();
  }

  // The newest visits of a stretch, which ends at the last of them afterwards.
  std::vector<LoggedVisit> ReadPiece(VisitId from, VisitId& before, int64_t limit, int64_t offset) {
    std::vector<LoggedVisit> visits;
    Rows rows = visit_scan.Run(from, before, limit, offset);
    while (rows.Next()) {
      before = rows.Int(0);
      visits.push_back(ReadLoggedVisit(rows));
    }
    return visits;
  }

  Connection connection;
  FairLock writer;       // see write_turn.h
  FairLock maintenance;  // who counts visits, takes them away, or checkpoints the log
  Appender appender;
  Rollups rollups;
  Checkpointer checkpointer;
  LogCounter log_counter;
  Importer importer;
  class Cleanup cleanup;
  Analytics analytics;
  RangeAnalytics ranges;
  Statement visit_scan;
  Statement probe;
};

SqliteVisitStore::SqliteVisitStore(Options options) : options_(std::move(options)) {}

SqliteVisitStore::~SqliteVisitStore() = default;

bool SqliteVisitStore::IsOpen() const { return session_ && !session_->connection.FileHasMoved(); }

template <typename Call>
auto SqliteVisitStore::Guard(Call call) {
  try {
    return call();
  } catch (...) {
    session_.reset();
    throw;
  }
}

template <typename Call>
auto SqliteVisitStore::WithSession(Call call) {
  return Guard([&] {
    if (!IsOpen()) {
      session_.reset();
      session_ = std::make_unique<Session>(options_);
    }
    return call(*session_);
  });
}

std::optional<std::vector<Receipt>> SqliteVisitStore::Append(const Collect& collect, Wait wait) {
  if (wait == Wait::kAsLongAsItTakes) {
    return WithSession([&](Session& session) {
      const auto turn = session.writer.Take();
      if (must_checkpoint_ && !session.connection.Checkpoint(Connection::CheckpointKind::kRestart).whole) {
        throw StoreError("a sync failed, and readers keep a checkpoint back");
      }
      must_checkpoint_ = false;
      Transaction transaction(session.connection, Transaction::Kind::kWrite);
      return AppendIn(transaction, collect);
    });
  }
  if (!IsOpen() || must_checkpoint_) return std::nullopt;
  return Guard([&]() -> std::optional<std::vector<Receipt>> {
    const auto turn = session_->writer.TryTake();
    if (!turn) return std::nullopt;
    Transaction transaction(session_->connection, Transaction::Kind::kWriteIfFree);
    if (!transaction.has_begun()) return std::nullopt;
    return AppendIn(transaction, collect);
  });
}

std::optional<std::vector<Receipt>> SqliteVisitStore::AppendIn(Transaction& transaction, const Collect& collect) {
  const auto visits = collect();
  auto receipts = session_->appender.Append(visits, options_.now());
  transaction.Commit();
  appended_since_maintenance_ += static_cast<int64_t>(visits.size());
  return receipts;
}

void SqliteVisitStore::Sync() {
  Guard([&] {
    // A visit is not kept in a file that was taken away since: what was appended there is not acknowledged.
    if (!IsOpen()) throw StoreError("database " + options_.path + ": was replaced while visits were recorded");
    if (!options_.sync_wal) return;
    must_checkpoint_ = true;
    session_->connection.SyncWal();
    must_checkpoint_ = false;
  });
}

bool SqliteVisitStore::MaintenanceDue() {
  const bool log_is_long = session_ && session_->checkpointer.IsDue();
  if (appended_since_maintenance_ < LogCounter::kTotalledAtOnce && !log_is_long) return false;
  appended_since_maintenance_ = 0;
  return true;
}

bool SqliteVisitStore::Maintain(Load load) {
  return WithSession([this, load](Session& session) {
    const auto maintenance = session.maintenance.TryTake();
    if (!maintenance) return false;  // somebody else is at it
    if (options_.access == FileAccess::kService) session.checkpointer.ReserveLog();
    const bool more = session.log_counter.CountSome(load);
    session.checkpointer.RunIfDue();
    return more;
  });
}

Summary SqliteVisitStore::ReadSummary(UtcTime window_start) {
  return WithSession([&](Session& session) { return session.analytics.ReadSummary(window_start); });
}

SiteStats SqliteVisitStore::ReadSite(size_t pages) {
  return WithSession([&](Session& session) { return session.analytics.ReadSite(pages); });
}

PageStats SqliteVisitStore::ReadPage(const TrackedUrl& url, UtcTime window_start) {
  return WithSession([&](Session& session) { return session.analytics.ReadPage(url.text(), window_start); });
}

HourCounts SqliteVisitStore::ReadHours(UtcTime from, UtcTime before) {
  return WithSession([&](Session& session) { return session.ranges.ReadHours(from, before); });
}

PageCounts SqliteVisitStore::ReadTopPages(UtcTime from, UtcTime before, size_t limit) {
  return WithSession([&](Session& session) { return session.ranges.ReadTopPages(from, before, limit); });
}

void SqliteVisitStore::Scan(const ScanRange& range, const Take& take) {
  WithSession([&](Session& session) {
    const VisitId from = range.from ? FirstIdAt(*range.from) : kNoVisit;
    VisitId before = range.before ? FirstIdAt(*range.before) : kBehindAllVisits;
    int64_t offset = range.offset;
    int64_t left = range.limit.value_or(kBehindAllVisits);
    while (left > 0) {
      const int64_t wanted = std::min(left, kScanVisits);
      const auto visits = session.ReadPiece(from, before, wanted, offset);
      if (visits.empty() || !take(visits) || static_cast<int64_t>(visits.size()) < wanted) break;
      left -= wanted;
      offset = 0;
    }
    session.connection.RequireUnchanged();
  });
}

int64_t SqliteVisitStore::Cleanup(UtcTime cutoff) {
  return WithSession([&](Session& session) {
    const auto maintenance = session.maintenance.Take();
    int64_t total = 0;
    int64_t deleted = Cleanup::kSetVisits;
    while (deleted == Cleanup::kSetVisits) {
      session.log_counter.CountAll();
      deleted = session.cleanup.DeleteSet(FirstIdAt(cutoff));
      total += deleted;
    }
    if (options_.access == FileAccess::kService) session.connection.SyncWal();
    return total;
  });
}

void SqliteVisitStore::Probe() {
  WithSession([&](Session& session) {
    {
      WriteTurn turn(session.connection, session.writer);
      session.probe.Execute(options_.now().time_since_epoch().count());
      turn.Commit();
    }
    // Nothing else does where no visit is recorded.
    if (const auto maintenance = session.maintenance.TryTake()) session.checkpointer.RunIfDue();
  });
}

void SqliteVisitStore::Import(const Read& read) {
  WithSession([&](Session& session) {
    session.connection.Execute(kImportCache);
    Session resolving(options_);
    const auto maintenance = session.maintenance.Take();
    const auto resolve = [&] { return resolving.importer.Resolve(read()); };
    for (auto piece = resolve(); !piece.visits.empty();) {
      if (session.connection.FileHasMoved() || resolving.connection.FileHasMoved()) {
        throw StoreError("database " + options_.path + ": was replaced while visits were imported");
      }
      session.log_counter.CountAll();
      session.importer.CountUpTo(piece);
      auto next = std::async(std::launch::async, resolve);
      session.importer.Add(piece);
      session.checkpointer.RunIfDue();
      piece = next.get();
    }
    session.connection.SyncWal();
  });
}

std::vector<std::string> SqliteVisitStore::Check() {
  return WithSession([](Session& session) {
    session.connection.Execute("pragma temp_store=file");  // sorting the whole log needs room
    auto problems = CheckIntegrity(session.connection);
    session.connection.RequireUnchanged();
    return problems;
  });
}

std::vector<std::string> SqliteVisitStore::CheckFile() {
  return WithSession([](Session& session) { return CheckFileIntegrity(session.connection); });
}

void SqliteVisitStore::Repair() {
  WithSession([](Session& session) {
    const auto maintenance = session.maintenance.Take();
    WriteTurn turn(session.connection, session.writer);
    EmptyRollups(session.connection);
    turn.Commit();
  });
  while (Maintain(Load::kQuiet)) {
  }
}

void SqliteVisitStore::Backup(const std::string& path) {
  WithSession([&](Session& session) {
    CopyDatabase(session.connection, path);
    session.connection.RequireUnchanged();
  });
}

int64_t SqliteVisitStore::Count() {
  return WithSession([](Session& session) {
    return Statement(session.connection, "visit_count").ReadInt(kNoVisit, kBehindAllVisits);
  });
}

}  // namespace page_count
