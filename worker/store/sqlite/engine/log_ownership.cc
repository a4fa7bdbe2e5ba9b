// How a log is told from another file's: the row of `state` holds three marks.
//
//   database_id  random, another one in each database and each backup
//   mark         grows before a checkpoint that is to move all of the log (the log's last change), and as the log
//                starts over after one (the log's first change)
//   file_mark    the mark that the file alone has at least: set as the log starts over
//
// A log and a file belong together if the file alone (opened as immutable, which ignores the log) has the id that is
// read through the log, and file_mark <= the file's mark <= mark. A file that is older than its log's start has a
// smaller mark, one that newer logs were moved into a greater one. An SQLite file that is not in WAL mode never has a
// log. If marks are missing (another program's file, or one that was never checkpointed) the log is believed.

#include "worker/store/sqlite/engine/log_ownership.h"

#include <optional>
#include <string_view>

#include "worker/store/sqlite/engine/file_alone.h"
#include "worker/store/sqlite/engine/log_index.h"
#include "worker/store/sqlite/engine/schema.h"
#include "worker/store/sqlite/engine/statement.h"

namespace page_count {
namespace {

std::optional<LogMarks> MarksThroughLog(Connection& connection) {
  if (connection.ReadInt("pragma application_id") != kApplicationId) return std::nullopt;
  Statement read(connection, kStateMarks);
  Rows rows = read.Run();
  if (!rows.Next() || rows.Bytes(0).size() != LogMarks::kIdBytes) return std::nullopt;
  return LogMarks{std::string(rows.Bytes(0)), rows.Int(1), rows.Int(2)};
}

constexpr char kOpenLog[] = "state_open_log()";

void CommitMark(Connection& connection, std::string_view statement) {
  Transaction transaction(connection, Transaction::Kind::kWrite);
  Statement(connection, statement).Execute();
  transaction.Commit();
}

// What the file says, and the log does: whether they belong together.
bool BelongTogether(const FileAlone& file, const std::optional<LogMarks>& log) {
  if (!file.is_in_wal_mode) return false;
  if (!log) return !file.marks;
  // A young database's file has none of the log's changes yet, or some: its id perhaps, but not the table that the
  // marks are in.
  if (!file.marks) return file.application_id == kApplicationId || (file.application_id == 0 && log->file_mark == 0);
  return file.marks->database_id == log->database_id && log->file_mark <= file.marks->mark &&
         file.marks->mark <= log->mark;
}

[[noreturn]] void RefuseLog(const DatabaseFiles& files) {
  throw ForeignLogError(
      "database " + files.file() + ": the log " + files.log() +
      " does not belong to this file but to one that was there before (was a backup put back?); "
      "`page-count restore FILE` puts a backup back as it should be; to go on with the file as it is, move " +
      files.log() + " away");
}

// Whether the file has what page-count reads first: a log through which that is gone is another file's.
bool IsReadableAlone(const FileAlone& file) { return file.marks || !file.is_in_wal_mode; }

}  // namespace

bool LogIsOwn(Connection& connection) {
  const FileAlone file = FileAlone::Read(connection.path());
  if (!file.is_database) return true;  // SQLite says what it is, or makes a new one
  std::optional<LogMarks> log;
  try {
    log = MarksThroughLog(connection);
  } catch (const StoreError&) {
    if (IsReadableAlone(file)) return false;
    throw;
  }
  return BelongTogether(file, log);
}

void RequireOwnLog(Connection& connection) {
  const DatabaseFiles& files = connection.files();
  if (files.LogIsEmpty() || LogIsOwn(connection)) return;
  RefuseLog(files);
}

void RequireOwnIndex(Connection& connection) {
  try {
    connection.ReadInt("pragma application_id");
  } catch (const ForeignFileError&) {
    // By another log's index a sound log seems damaged; if it is, RequireOwnLog throws.
  }
  if (!connection.HasLog() || LogIndex(connection).IsOf(connection.LogHeader())) return;
  throw StoreError("database " + connection.path() + ": its log " + connection.files().log() +
                   " was put in the place of another one that is in use; it is moved aside once its user notices");
}

void RequireOwnLogOfUnreadable(const std::string& path) {
  const DatabaseFiles files(path);
  if (files.LogIsEmpty()) return;
  const FileAlone file = FileAlone::Read(path);
  if (file.is_database && IsReadableAlone(file)) RefuseLog(files);
}

void RequireOwnFiles(Connection& connection) {
  if (!connection.FilesAreInPlace()) {
    throw StoreError("database " + connection.path() + ": was moved, deleted or replaced under the running service");
  }
  const FileVersion version = connection.files().Version();
  if (!connection.opened() || version == connection.known_version()) return;
  RequireOwnLog(connection);
  connection.NoteVersion(version);
}

bool FilesAreKnown(const Connection& connection) {
  return connection.FilesAreInPlace() && connection.files().Version() == connection.known_version();
}

void MarkLog(Connection& connection) {
  const auto log = MarksThroughLog(connection);
  const auto file = FileAlone::Read(connection.path()).marks;
  if (!log || !file || log->mark != file->mark) return;
  connection.SyncFile();  // the file's mark may be there unsynced
  CommitMark(connection, kOpenLog);
}

bool MoveLastLog(Connection& connection, Connection::CheckpointKind kind) {
  CommitMark(connection, "state_close_log()");
  return connection.Checkpoint(kind).whole;
}

bool MoveWholeLog(Connection& connection, Connection::CheckpointKind kind) {
  if (!MoveLastLog(connection, kind)) return false;
  CommitMark(connection, kOpenLog);
  return true;
}

void NameAnew(const std::string& path) {
  Connection copy(path, FileAccess::kAlone);
  Statement(copy, "state_new_id()").Execute();
}

}  // namespace page_count
