// Recognises an SQLite database that is not page-count's, or a newer page-count's, and says what it is and what to do.
//
// Same thread as the connection, which it only reads from. Throws ForeignFileError, and StoreError where it cannot
// read.
#ifndef PAGE_COUNT_STORE_SQLITE_ENGINE_FOREIGN_DATABASE_H_
#define PAGE_COUNT_STORE_SQLITE_ENGINE_FOREIGN_DATABASE_H_

#include "worker/store/sqlite/engine/connection.h"

namespace page_count {

// Throws unless the database is page-count's, of a schema that this program knows, or holds nothing at all.
void RefuseForeignDatabase(Connection& connection);

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_ENGINE_FOREIGN_DATABASE_H_
