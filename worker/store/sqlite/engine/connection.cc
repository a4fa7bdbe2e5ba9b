// The engine: one SQLite file in WAL mode, shared by many processes. Who holds which lock, and what is durable when.
//
// Locks, in the order in which they are taken; the kernel releases those of a process that dies:
//   in_use        mutex of one store of this process (open_sessions.h)
//   .maintenance  held by whoever seals, counts, prunes, imports, repairs or runs the Checkpointer; every open session
//                 has joined it, so that restore can keep all out
//   .lock         the write lock, fair: held by whoever commits, checkpoints, creates the schema or opens a session
//   SQLite's own  inside the write lock; only other SQLite tools ever compete for them
//
// Invariants:
//   1. Who writes or checkpoints holds the write lock: SQLite itself never checkpoints here (wal_autocheckpoint=0,
//      NO_CKPT_ON_CLOSE), as before 3.51.3 a checkpoint beside a writer can lose pages.
//   2. Before a write the open files are still at their paths, and the log is the file's (log_ownership.h).
//   3. A commit is in the log, unsynced (synchronous=NORMAL). SyncWal, after the write lock is released, makes durable
//      all that any process committed before it.
//   4. After a sync that failed a store commits nothing until a checkpoint has moved and synced the whole log.
//   5. The log starts over only once all of it is in the file and the file is synced.
//
// A process that dies
//   before its commit  leaves at most frames that belong to no commit; the next writer writes over them.
//   before its sync    leaves visits that every reader sees; whoever syncs next makes them durable. If the machine dies
//                      first, frames that are not on the disk fail their checksums, and the log ends before them.
//   in a checkpoint    leaves every frame in the log (5); the next checkpoint moves them again.

#include "worker/store/sqlite/engine/connection.h"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <limits>
#include <vector>

#include "worker/store/sqlite/engine/array_table.h"
#include "worker/store/sqlite/engine/as_store_errors.h"
#include "worker/store/sqlite/engine/wal_format.h"
#include "worker/store/visit_store.h"
#include "worker/system/folder_owner.h"

namespace page_count {
namespace {

constexpr int kBusyTimeoutMs = 5000;           // for SQLite's own short locks only: writers queue at the write lock
constexpr int kLengthenBytes = 1 << 20;        // while writers wait
constexpr int kErasedBytes = 4 << 20;          // the same
constexpr int kWrittenAtOnceBytes = 64 << 10;  // SQLite's VFS takes less than 128 KiB
constexpr int kRestartTimeoutMs = 20;  // readers of the log read on for some milliseconds; all writers wait meanwhile

int RememberWalFrames(void* frames, sqlite3*, const char*, int count) {
  *static_cast<int*>(frames) = count;
  return SQLITE_OK;
}

// SQLite's statistics of memory would be one lock for all threads of a worker.
void LeaveOutMemoryStatistics() {
  static const int configured = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  static_cast<void>(configured);
}

}  // namespace

void Connection::Finalizer::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

Connection::Connection(const std::string& path, FileAccess access)
    : DatabaseHandle(path), files_(path), access_(access), wal_frames_(std::make_unique<int>(0)) {
  LeaveOutMemoryStatistics();
  sqlite3* handle = nullptr;
  const OpenCall call = OpenCallFor(path, access);
  if (call.is_without_locks) stamp_.emplace(path);
  const int status = sqlite3_open_v2(call.name.c_str(), &handle, call.flags, call.vfs);
  Own(handle);
  if (status != SQLITE_OK) Throw("open");
  // Before there is a log, which gets the owner of the file.
  if (access == FileAccess::kService) AsStoreErrors([&path] { GiveToFolderOwner(path); });
  sqlite3_extended_result_codes(handle, 1);
  sqlite3_busy_timeout(handle, kBusyTimeoutMs);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  if (call.log_in_memory) Execute("pragma main.locking_mode=exclusive");
  if (access == FileAccess::kAlone) TakeTheFileAlone();
  Execute("pragma wal_autocheckpoint=0");
  Execute(access == FileAccess::kAlone ? "pragma synchronous=full" : "pragma synchronous=normal");
  Execute("pragma mmap_size=0");
  Execute("pragma temp_store=memory");
  Execute("pragma journal_size_limit=50331648");
  Execute("pragma secure_delete=fast");  // Debian's default overwrites every freed page
  RegisterArrayTable(handle);
  sqlite3_wal_hook(handle, RememberWalFrames, wal_frames_.get());
  begin_ = Prepare("begin");
  begin_immediate_ = Prepare("begin immediate");
  commit_ = Prepare("commit");
}

void Connection::Execute(const char* sql) {
  if (sqlite3_exec(handle(), sql, nullptr, nullptr, nullptr) != SQLITE_OK) Throw(sql);
}

std::unique_ptr<sqlite3_stmt, Connection::Finalizer> Connection::Prepare(const char* sql) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(handle(), sql, -1, &statement, nullptr) != SQLITE_OK) Throw(sql);
  return std::unique_ptr<sqlite3_stmt, Finalizer>(statement);
}

void Connection::Run(sqlite3_stmt* statement) {
  const int status = sqlite3_step(statement);
  sqlite3_reset(statement);
  if (status != SQLITE_DONE) Throw(sqlite3_sql(statement));
}

bool Connection::BeginImmediateIfFree() {
  sqlite3_busy_timeout(handle(), 0);
  const int status = sqlite3_step(begin_immediate_.get());
  sqlite3_reset(begin_immediate_.get());
  sqlite3_busy_timeout(handle(), kBusyTimeoutMs);
  if (status == SQLITE_DONE) return true;
  if ((static_cast<unsigned>(status) & 0xFFU) != SQLITE_BUSY) Throw("begin");
  return false;
}

int64_t Connection::ReadInt(const char* sql) {
  const auto statement = Prepare(sql);
  const int status = sqlite3_step(statement.get());
  if (status != SQLITE_ROW && status != SQLITE_DONE) Throw(sql);
  return status == SQLITE_ROW ? sqlite3_column_int64(statement.get(), 0) : 0;
}

int64_t Connection::LastInsertedId() const { return sqlite3_last_insert_rowid(handle()); }

sqlite3_file* Connection::FindFile(int opcode) const {
  sqlite3_file* file = nullptr;
  sqlite3_file_control(handle(), "main", opcode, static_cast<void*>(&file));
  return file == nullptr || file->pMethods == nullptr ? nullptr : file;
}

sqlite3_file* Connection::File(int opcode, const char* what) const {
  sqlite3_file* file = FindFile(opcode);
  if (file == nullptr) throw StoreError("database " + path() + ": has no " + what);
  return file;
}

bool Connection::HasLog() const { return FindFile(SQLITE_FCNTL_JOURNAL_POINTER) != nullptr; }

void Connection::SyncWal() {
  sqlite3_file* wal = File(SQLITE_FCNTL_JOURNAL_POINTER, "write-ahead log");
  if (wal->pMethods->xSync(wal, SQLITE_SYNC_NORMAL | SQLITE_SYNC_DATAONLY) != SQLITE_OK) {
    throw StoreError("database " + path() + ": cannot sync the write-ahead log");
  }
}

void Connection::WriteUncommitted() {
  const int status = sqlite3_db_cacheflush(handle());  // which leaves no error at the connection
  if (status == SQLITE_OK) return;
  throw StoreError("database " + path() + ": cannot write to the write-ahead log: " + sqlite3_errstr(status) +
                   " (SQLite code " + std::to_string(status) + ")");
}

int64_t Connection::WalBytes() const {
  sqlite3_file* wal = File(SQLITE_FCNTL_JOURNAL_POINTER, "write-ahead log");
  sqlite3_int64 size = 0;
  return wal->pMethods->xFileSize(wal, &size) == SQLITE_OK ? size : std::numeric_limits<int64_t>::max();
}

bool Connection::LengthenWal(int64_t bytes) {
  static constexpr std::array<char, kWrittenAtOnceBytes> kZeros{};
  sqlite3_file* wal = File(SQLITE_FCNTL_JOURNAL_POINTER, "write-ahead log");
  int64_t size = WalBytes();
  if (size >= bytes) return false;
  const int64_t end = std::min<int64_t>(bytes, size + kLengthenBytes);
  bool written = true;
  for (; written && size < end; size += kWrittenAtOnceBytes) {
    written = wal->pMethods->xWrite(wal, kZeros.data(), kWrittenAtOnceBytes, size) == SQLITE_OK;
  }
  return written && size < bytes;
}

int64_t Connection::EraseWal(int64_t from) {
  static constexpr std::array<char, kWrittenAtOnceBytes> kZeros{};
  std::vector<char> bytes(kWrittenAtOnceBytes);
  sqlite3_file* wal = File(SQLITE_FCNTL_JOURNAL_POINTER, "write-ahead log");
  const int64_t end = std::min<int64_t>(WalBytes(), from + kErasedBytes);
  while (from < end) {
    const int count = static_cast<int>(std::min<int64_t>(end - from, kWrittenAtOnceBytes));
    int status = wal->pMethods->xRead(wal, bytes.data(), count, from);
    if (status == SQLITE_OK && !std::equal(bytes.begin(), bytes.begin() + count, kZeros.begin())) {
      status = wal->pMethods->xWrite(wal, kZeros.data(), count, from);
    }
    if (status != SQLITE_OK) throw StoreError("database " + path() + ": cannot erase the write-ahead log");
    from += count;
  }
  return from;
}

std::string Connection::LogHeader() const {
  sqlite3_file* wal = File(SQLITE_FCNTL_JOURNAL_POINTER, "write-ahead log");
  std::string header(kWalHeaderBytes, '\0');
  const bool read = wal->pMethods->xRead(wal, header.data(), int{kWalHeaderBytes}, 0) == SQLITE_OK;
  return read ? header : "";
}

void Connection::RequireUnchanged() const {
  if (!stamp_ || *stamp_ == FileStamp(path())) return;
  throw StoreError("database " + path() + ": came into use while it was read; run the command again");
}

// With a rollback journal, which is gone once the connection is closed, in place of the log, which is moved into the
// file.
void Connection::TakeTheFileAlone() {
  sqlite3_db_config(handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, nullptr);
  Execute("pragma locking_mode=exclusive");
  const auto statement = Prepare("pragma journal_mode=delete");
  const int status = sqlite3_step(statement.get());
  if ((static_cast<unsigned>(status) & 0xFFU) == SQLITE_BUSY) {
    throw StoreError("database " + path() + ": is in use, but not all that workers keep beside it is there; stop them");
  }
  if (status != SQLITE_ROW) Throw("open");
}

void Connection::NoteFiles() {
  known_version_ = files_.Version();
  opened_ = files_.Look();
}

bool Connection::FilesAreInPlace() const {
  if (!opened_) return true;
  const auto folder = files_.LookAtFolder();  // before the files: a change in between makes it another one
  if (folder && folder == known_folder_) return true;
  known_folder_.reset();
  if (files_.Look() != *opened_) return false;
  if (files_.HasAllInFolder()) known_folder_ = folder;
  return true;
}

Connection::Checkpointed Connection::Checkpoint(CheckpointKind kind) {
  int frames = 0;
  int moved = 0;
  const bool restart = kind == CheckpointKind::kRestart;
  const int mode = restart ? SQLITE_CHECKPOINT_RESTART : SQLITE_CHECKPOINT_PASSIVE;
  if (restart) sqlite3_busy_timeout(handle(), kRestartTimeoutMs);
  const int status = sqlite3_wal_checkpoint_v2(handle(), "main", mode, &frames, &moved);
  if (restart) sqlite3_busy_timeout(handle(), kBusyTimeoutMs);
  if (status != SQLITE_OK && status != SQLITE_BUSY) Throw("checkpoint");
  *wal_frames_ = frames - moved;
  return {moved, status == SQLITE_OK && frames == moved};
}

void Connection::SyncFile() {
  sqlite3_file* file = File(SQLITE_FCNTL_FILE_POINTER, "file");
  if (file->pMethods->xSync(file, SQLITE_SYNC_NORMAL) != SQLITE_OK) {
    throw StoreError("database " + path() + ": cannot sync the file");
  }
}

Transaction::Transaction(Connection& connection, Kind kind) : connection_(connection) {
  if (kind == Kind::kWriteIfFree) {
    open_ = connection_.BeginImmediateIfFree();
  } else {
    connection_.Run((kind == Kind::kWrite ? connection_.begin_immediate_ : connection_.begin_).get());
  }
}

Transaction::~Transaction() {
  // SQLite may have rolled back by itself after an error.
  if (open_ && sqlite3_get_autocommit(connection_.handle()) == 0) {
    sqlite3_exec(connection_.handle(), "rollback", nullptr, nullptr, nullptr);
  }
}

void Transaction::Commit() {
  connection_.Run(connection_.commit_.get());
  open_ = false;
}

}  // namespace page_count
