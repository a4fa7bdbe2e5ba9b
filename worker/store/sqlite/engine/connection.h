// One open connection to the database file, set up as the design demands: WAL, synchronous=NORMAL (the worker syncs the
// WAL itself), no checkpoint but our own, no mapping.
//
// One thread at a time, never across a fork. Throws StoreError with the path and SQLite's own words. Owns the handle;
// statements must be gone before it. While one is open its process must not open the file by other means: closing any
// descriptor of it drops the process's locks.
#ifndef PAGE_COUNT_STORE_SQLITE_ENGINE_CONNECTION_H_
#define PAGE_COUNT_STORE_SQLITE_ENGINE_CONNECTION_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "worker/store/sqlite/engine/database_files.h"
#include "worker/store/sqlite/engine/database_handle.h"
#include "worker/store/sqlite/engine/file_access.h"

struct sqlite3_file;  // NOLINT(readability-identifier-resolution)
struct sqlite3_stmt;

namespace page_count {

class Connection : public DatabaseHandle {
 public:
  explicit Connection(const std::string& path, FileAccess access = FileAccess::kService);

  const std::string& path() const { return files_.file(); }
  const DatabaseFiles& files() const { return files_; }
  FileAccess access() const { return access_; }

  void Execute(const char* sql);
  int64_t ReadInt(const char* sql);
  int64_t LastInsertedId() const;

  // Syncs the write-ahead log through SQLite's own VFS: every commit before it is durable then.
  void SyncWal();
  int64_t WalBytes() const;
  // Writes zeros after the write-ahead log's end, some of the way to `bytes`; false once it is that long. A frame
  // that lies within the file is synced sooner, as the file system has no new size and no new block to note.
  // SQLite takes zeros for the log's end. Only in a WriteTransaction.
  bool LengthenWal(int64_t bytes);
  // Overwrites with zeros what older logs have left in the write-ahead log's file, from `from` on, which must not come
  // before the log's end: some of the way. Returns how far it came. Only in a WriteTransaction.
  int64_t EraseWal(int64_t from);
  // Frames in the write-ahead log after this connection's last commit, or as noted since.
  int wal_frames() const { return *wal_frames_; }
  void NoteWalFrames(int frames) { *wal_frames_ = frames; }
  // Writes what a transaction has changed to the write-ahead log before it is committed. Inside a write transaction.
  void WriteUncommitted();
  // Of a file that is read without a lock: throws if somebody has written since it was opened.
  void RequireUnchanged() const;
  // Whether the log is open: after a read, if the database is in WAL mode.
  bool HasLog() const;
  // The header of the log that is open, wherever it is now.
  std::string LogHeader() const;

  // Which files this connection has open. Call it once they were read, while nobody else writes.
  void NoteFiles();
  // nullopt before NoteFiles.
  const std::optional<FilesThere>& opened() const { return opened_; }
  // Whether the paths still name the files that are open. Costs one stat, or eight if the folder has changed lately.
  bool FilesAreInPlace() const;
  // What the database file was when it was last known to be the log's.
  const FileVersion& known_version() const { return known_version_; }
  void NoteVersion(const FileVersion& version) { known_version_ = version; }

  enum class CheckpointKind {
    kPassive,  // waits for nobody; what a reader's snapshot needs stays in the log
    kRestart,  // waits some milliseconds for readers, so that the log starts over (the file keeps its length)
  };
  struct Checkpointed {
    int moved = 0;       // frames of the log that are in the file now
    bool whole = false;  // all of them, and synced
  };
  // Moves the log's frames into the file. Only under the write lock.
  Checkpointed Checkpoint(CheckpointKind kind);
  // Syncs the database file, which must have been read before.
  void SyncFile();

  // SQLite's own handle of a file that is open, by the opcode of sqlite3_file_control that returns it. Throws
  // StoreError if there is no such file.
  sqlite3_file* File(int opcode, const char* what) const;

 private:
  struct Finalizer {
    void operator()(sqlite3_stmt* statement) const;
  };

  sqlite3_file* FindFile(int opcode) const;
  std::unique_ptr<sqlite3_stmt, Finalizer> Prepare(const char* sql);
  void Run(sqlite3_stmt* statement);
  // False if another connection writes.
  bool BeginImmediateIfFree();
  void TakeTheFileAlone();

  DatabaseFiles files_;
  FileAccess access_;
  std::optional<FileStamp> stamp_;  // if the file is read without a lock
  std::optional<FilesThere> opened_;
  mutable std::optional<FolderVersion> known_folder_;  // the files that are open were in place in it
  FileVersion known_version_;
  std::unique_ptr<int> wal_frames_;
  // Prepared, as one of each surrounds every batch of visits.
  std::unique_ptr<sqlite3_stmt, Finalizer> begin_;
  std::unique_ptr<sqlite3_stmt, Finalizer> begin_immediate_;
  std::unique_ptr<sqlite3_stmt, Finalizer> commit_;

  friend class Transaction;
};

// A transaction that is rolled back unless it was committed. One to write waits some seconds for whoever writes beside
// the write lock, with SQLite's own tools; kWriteIfFree does not wait, and has begun or not.
class Transaction {
 public:
  enum class Kind { kRead, kWrite, kWriteIfFree };
  Transaction(Connection& connection, Kind kind);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  bool has_begun() const { return open_; }
  void Commit();

 private:
  Connection& connection_;
  bool open_ = true;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_ENGINE_CONNECTION_H_
