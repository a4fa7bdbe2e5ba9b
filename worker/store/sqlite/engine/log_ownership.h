// Whether the write-ahead log beside a database file belongs to it, or to the file that was there before.
//
// SQLite replays any log that has the right name: over a backup that was put back, a log that was left there undoes it
// or makes a mix of both. So the row of `state` holds marks that tell; log_ownership.cc explains them.
//
// All functions: under the write lock unless they say otherwise, by the connection's thread; they throw StoreError.
#ifndef PAGE_COUNT_STORE_SQLITE_ENGINE_LOG_OWNERSHIP_H_
#define PAGE_COUNT_STORE_SQLITE_ENGINE_LOG_OWNERSHIP_H_

#include <string>

#include "worker/store/sqlite/engine/connection.h"
#include "worker/store/visit_store.h"

namespace page_count {

// What RequireOwnLog and RequireOwnLogOfUnreadable throw: no session on these files is to be trusted.
class ForeignLogError : public StoreError {
  using StoreError::StoreError;
};

// Whether the log that the connection has open, wherever it is now, belongs to the file.
bool LogIsOwn(Connection& connection);
// Throws if there is a log beside the file that does not belong to it; says which, and what to do.
void RequireOwnLog(Connection& connection);
// Throws if another process works with the index that is there and with a log that is not there any more: until it
// notices, nobody else can read or write.
void RequireOwnIndex(Connection& connection);
// RequireOwnLog for a database that SQLite calls damaged, its log included: throws if the file alone can be read. Needs
// no lock.
void RequireOwnLogOfUnreadable(const std::string& path);

// Throws if the files that the connection has open were moved, deleted or replaced, or if the database file was changed
// by others so that its log is not its own any more. Before whatever writes. Costs five stats, and reads the file's
// mark if the file has changed.
void RequireOwnFiles(Connection& connection);

// Whether RequireOwnFiles would return without reading the file: false if files are gone, or if the database file has
// changed since it was last looked at. For callers that must not wait.
bool FilesAreKnown(const Connection& connection);

// Gives the log a mark of its own, if it has none: it is a new log, or another program's.
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
