// Included before all else by whatever is compiled for page-count-sqlite.so: each sqlite3_… that is called there is the
// host program's, which it hands over when it loads the extension.
#ifndef PAGE_COUNT_STORE_SQLITE_EXTENSION_HOST_SQLITE_H_
#define PAGE_COUNT_STORE_SQLITE_EXTENSION_HOST_SQLITE_H_

#include <sqlite3ext.h>

SQLITE_EXTENSION_INIT3

#endif  // PAGE_COUNT_STORE_SQLITE_EXTENSION_HOST_SQLITE_H_
