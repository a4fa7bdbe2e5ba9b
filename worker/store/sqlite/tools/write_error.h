// Why SQLite could not write a file, in the operating system's words.
#ifndef PAGE_COUNT_STORE_SQLITE_TOOLS_WRITE_ERROR_H_
#define PAGE_COUNT_STORE_SQLITE_TOOLS_WRITE_ERROR_H_

#include <string>

struct sqlite3;

namespace page_count {

// Of the connection's last error; empty if something else failed.
std::string LastWriteError(sqlite3* handle);

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_TOOLS_WRITE_ERROR_H_
