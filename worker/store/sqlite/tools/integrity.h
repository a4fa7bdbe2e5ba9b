// Proves that the file is whole and that every rollup agrees with the log; empties the rollups to be rebuilt if they do
// not.
//
// Check reads one snapshot: workers go on recording, the write-ahead log grows meanwhile. Repair is for inside a write
// transaction: it leaves the rollups empty and their watermark at the log's beginning, so answers stay exact (and slow)
// until the log has been rolled up again. It cannot bring back visits. Same thread as the connection.
#ifndef PAGE_COUNT_STORE_SQLITE_TOOLS_INTEGRITY_H_
#define PAGE_COUNT_STORE_SQLITE_TOOLS_INTEGRITY_H_

#include <string>
#include <vector>

#include "worker/store/sqlite/engine/connection.h"

namespace page_count {

// What does not agree, a sentence each; empty if all is well.
std::vector<std::string> CheckIntegrity(Connection& connection);

// The same of the file alone, whatever it holds.
std::vector<std::string> CheckFileIntegrity(Connection& connection);

void EmptyRollups(Connection& connection);

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_TOOLS_INTEGRITY_H_
