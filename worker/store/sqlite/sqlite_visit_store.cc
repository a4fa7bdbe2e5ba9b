#include "worker/store/sqlite/sqlite_visit_store.h"

#include <algorithm>

#include "worker/store/sqlite/analytics.h"
#include "worker/store/sqlite/cleanup.h"
#include "worker/store/sqlite/integrity.h"
#include "worker/store/sqlite/migrations.h"
#include "worker/store/sqlite/visit_log.h"
#include "worker/store/sqlite/writer_lock.h"

namespace page_count {
namespace {

constexpr int64_t kRollUpVisits = 512;    // a set: short enough not to show in a commit's p99
constexpr int64_t kCleanupVisits = 250;   // a transaction's
constexpr int64_t kScanVisits = 2'000;    // a read transaction's
constexpr int kCheckpointFrames = 2'000;  // 8 MiB of write-ahead log
constexpr int kRestartFrames = 8'000;     // 32 MiB: wait for readers, so that the log starts over

}  // namespace

struct SqliteVisitStore::Session {
  explicit Session(const Options& options)
      : connection(options.path),
        writer(options.path, "lock"),
        maintenance(options.path, "maintenance"),
        log(connection),
        rollups(connection),
        cleanup(connection, rollups),
        analytics(connection),
        scan(connection, "visit_scan"),
        probe(connection, "state_probe") {
    const auto turn = writer.Take();
    Migrate(connection);
  }

  void CheckpointIfDue() {
    if (connection.wal_frames() < kCheckpointFrames) return;
    const auto turn = writer.Take();
    connection.Checkpoint(connection.wal_frames() >= kRestartFrames);
  }

  Connection connection;
  WriterLock writer;
  WriterLock maintenance;
  VisitLog log;
  Rollups rollups;
  class Cleanup cleanup;
  Analytics analytics;
  Statement scan;
  Statement probe;
};

SqliteVisitStore::SqliteVisitStore(Options options) : options_(std::move(options)) {}

SqliteVisitStore::~SqliteVisitStore() = default;

template <typename Call>
auto SqliteVisitStore::WithSession(Call call) {
  try {
    if (session_ && session_->connection.FileHasMoved()) session_.reset();
    if (!session_) session_ = std::make_unique<Session>(options_);
    return call(*session_);
  } catch (...) {
    session_.reset();
    throw;
  }
}

std::vector<Receipt> SqliteVisitStore::Append(const Collect& collect) {
  return WithSession([&](Session& session) {
    const auto turn = session.writer.Take();
    if (must_checkpoint_) {
      if (!session.connection.Checkpoint(true)) throw StoreError("a sync failed, and readers keep a checkpoint back");
      must_checkpoint_ = false;
    }
    const auto visits = collect();
    Transaction transaction(session.connection, Transaction::Kind::kWrite);
    auto receipts = session.log.Append(visits, options_.now());
    transaction.Commit();
    appended_since_maintenance_ += static_cast<int64_t>(visits.size());
    return receipts;
  });
}

void SqliteVisitStore::Sync() {
  // A visit is not kept in a file that was taken away since: what was appended there is not acknowledged.
  if (!session_ || session_->connection.FileHasMoved()) {
    session_.reset();
    throw StoreError("database " + options_.path + ": was replaced while visits were recorded");
  }
  if (!options_.sync_wal) return;
  WithSession([&](Session& session) {
    must_checkpoint_ = true;
    session.connection.SyncWal();
    must_checkpoint_ = false;
  });
}

bool SqliteVisitStore::MaintenanceDue() {
  const bool log_is_long = session_ && session_->connection.wal_frames() >= kCheckpointFrames;
  if (appended_since_maintenance_ < kRollUpVisits && !log_is_long) return false;
  appended_since_maintenance_ = 0;
  return true;
}

bool SqliteVisitStore::Maintain() {
  return WithSession([&](Session& session) {
    bool more = false;
    {
      const auto turn = session.writer.Take();
      Transaction transaction(session.connection, Transaction::Kind::kWrite);
      more = session.rollups.RollUp(kRollUpVisits);
      transaction.Commit();
    }
    session.CheckpointIfDue();
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

void SqliteVisitStore::Scan(const ScanRange& range, const Take& take) {
  WithSession([&](Session& session) {
    const VisitId from = range.from ? FirstIdAt(*range.from) : kNoVisit;
    VisitId before = range.before ? FirstIdAt(*range.before) : kBehindAllVisits;
    int64_t offset = range.offset;
    int64_t left = range.limit.value_or(kBehindAllVisits);
    std::vector<LoggedVisit> visits;
    while (left > 0) {
      visits.clear();
      const int64_t wanted = std::min(left, kScanVisits);
      {
        Rows rows = session.scan.Run(from, before, wanted, offset);
        while (rows.Next()) {
          before = rows.Int(0);
          visits.push_back(
              {std::string(rows.Bytes(1)), std::string(rows.Bytes(2)), std::string(rows.Bytes(3)), TimeOf(before)});
        }
      }
      if (visits.empty() || !take(visits) || static_cast<int64_t>(visits.size()) < wanted) return;
      left -= wanted;
      offset = 0;
    }
  });
}

int64_t SqliteVisitStore::Cleanup(UtcTime cutoff) {
  return WithSession([&](Session& session) {
    const auto maintenance = session.maintenance.Take();
    int64_t total = 0;
    for (int64_t deleted = kCleanupVisits; deleted == kCleanupVisits;) {
      {
        const auto turn = session.writer.Take();
        Transaction transaction(session.connection, Transaction::Kind::kWrite);
        deleted = session.cleanup.DeleteOldest(FirstIdAt(cutoff), kCleanupVisits);
        transaction.Commit();
      }
      total += deleted;
      session.CheckpointIfDue();
    }
    session.connection.SyncWal();
    return total;
  });
}

void SqliteVisitStore::Probe() {
  WithSession([&](Session& session) {
    {
      const auto turn = session.writer.Take();
      Transaction transaction(session.connection, Transaction::Kind::kWrite);
      session.probe.Execute(options_.now().time_since_epoch().count());
      transaction.Commit();
    }
    session.CheckpointIfDue();  // nothing else does where no visit is recorded
  });
}

void SqliteVisitStore::Import(std::span<const LoggedVisit> visits) {
  WithSession([&](Session& session) {
    const auto maintenance = session.maintenance.Take();
    ImportChunk(session, visits);
    session.CheckpointIfDue();
    session.connection.SyncWal();
  });
}

void SqliteVisitStore::ImportChunk(Session& session, std::span<const LoggedVisit> visits) {
  const auto turn = session.writer.Take();
  Transaction transaction(session.connection, Transaction::Kind::kWrite);
  // Visits may land before the watermark: move it over all there is first, then count them directly.
  while (session.rollups.RollUp(kRollUpVisits)) {
  }
  const auto rows = session.log.Insert(visits);
  session.rollups.Apply(rows, Rollups::Direction::kAdd);
  VisitId newest = session.rollups.Watermark();
  for (const VisitRow& row : rows) newest = std::max(newest, row.id);
  session.rollups.SetWatermark(newest);
  transaction.Commit();
}

std::vector<std::string> SqliteVisitStore::Check() {
  return WithSession([](Session& session) {
    session.connection.Execute("pragma temp_store=file");  // sorting the whole log needs room
    return CheckIntegrity(session.connection);
  });
}

void SqliteVisitStore::Repair() {
  WithSession([](Session& session) {
    const auto maintenance = session.maintenance.Take();
    const auto turn = session.writer.Take();
    Transaction transaction(session.connection, Transaction::Kind::kWrite);
    EmptyRollups(session.connection);
    transaction.Commit();
  });
  while (Maintain()) {
  }
}

void SqliteVisitStore::Backup(const std::string& path) {
  WithSession([&](Session& session) { Statement(session.connection, "backup").Execute(path); });
}

}  // namespace page_count
