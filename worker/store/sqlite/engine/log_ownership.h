// Whether the write-ahead log beside a database file belongs to it, or to the file that was there before.
//
// SQLite replays any log that has the right name: over a backup that was put back, a log that was left there undoes it
// or makes a mix of both. So the row of `state` holds three marks:
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
//
// All functions: only under the write lock, by the connection's thread; they throw StoreError.
#ifndef PAGE_COUNT_STORE_SQLITE_ENGINE_LOG_OWNERSHIP_H_
#define PAGE_COUNT_STORE_SQLITE_ENGINE_LOG_OWNERSHIP_H_

#include <string>

#include "worker/store/sqlite/engine/connection.h"
#include "worker/store/visit_store.h"

namespace page_count {

// What RequireOwnLog throws: no session on these files is to be trusted.
class ForeignLogError : public StoreError {
  using StoreError::StoreError;
};

// Whether the log that the connection has open, wherever it is now, belongs to the file.
bool LogIsOwn(Connection& connection);
// Throws if there is a log beside the file that does not belong to it; says which, and what to do.
void RequireOwnLog(Connection& connection);
// The same for a database that SQLite calls damaged, its log included: throws if the file alone can be read. Needs no
// lock.
void RequireOwnLogOfUnreadable(const std::string& path);

// Throws if the files that the connection has open were moved, deleted or replaced, or if the database file was changed
// by others so that its log is not its own any more. Before whatever writes. Costs five stats, and reads the file's
// mark if the file has changed.
void RequireOwnFiles(Connection& connection);

// The same without reading the file, so a file that has changed counts as unknown: for a caller that must not wait.
bool FilesAreKnown(const Connection& connection);

// Gives the log a mark of its own, if it has none: it was made again, or by another program.
void MarkLog(Connection& connection);

// Moves all of the log into the file and marks its end, and the start of the next one. False if readers keep it from
// being moved.
bool MoveWholeLog(Connection& connection, Connection::CheckpointKind kind);
// The same for a log that is not going to be used again.
bool MoveLastLog(Connection& connection, Connection::CheckpointKind kind);

// For a copy of a database: gives it an id of its own.
void NameAnew(const std::string& path);

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_ENGINE_LOG_OWNERSHIP_H_
