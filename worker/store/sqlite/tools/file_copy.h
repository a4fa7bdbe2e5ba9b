// Copies a database into a file of its own, as of one moment, while others go on writing.
//
// The copy is compact, whole in itself (it has no write-ahead log), has an id of its own (see log_ownership.cc) and is
// not yet synced. Same thread as the connection. Throws CopyError if the copy cannot be written, StoreError if
// the database cannot be read.
#ifndef PAGE_COUNT_STORE_SQLITE_TOOLS_FILE_COPY_H_
#define PAGE_COUNT_STORE_SQLITE_TOOLS_FILE_COPY_H_

#include <cstdint>
#include <optional>
#include <string>

#include "worker/store/sqlite/engine/connection.h"
#include "worker/store/store_error.h"

namespace page_count {

// The file must be empty or not there.
void CopyDatabase(Connection& connection, const std::string& copy);

// Opens a copy and reads all of it. Returns how many visits it holds; nullopt if it is of an earlier schema. Throws
// CopyError if it is damaged.
int64_t VerifyCopy(const std::string& copy);

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_TOOLS_FILE_COPY_H_
