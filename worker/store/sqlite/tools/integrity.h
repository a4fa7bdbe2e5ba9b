// Proves that the file is whole, that every block is what was written, and that every total and set of clients agrees
// with the visits; counts them again if they do not.
//
// Check reads one snapshot: workers go on recording, the write-ahead log grows meanwhile. CountAgain is for inside a
// write transaction: it leaves the sets of clients empty, so answers stay exact (and slower) until they are counted. It
// cannot bring back visits. Same thread as the connection.
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

void CountAgain(Connection& connection);

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_TOOLS_INTEGRITY_H_
