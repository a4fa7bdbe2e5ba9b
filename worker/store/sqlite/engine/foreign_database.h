// Recognises an SQLite database that is not page-count's, or of another page-count's schema, and says what it is and
// what to do.
//
// Same thread as the connection, which it only reads from. Throws ForeignFileError, and StoreError if it cannot
// read.
#ifndef PAGE_COUNT_STORE_SQLITE_ENGINE_FOREIGN_DATABASE_H_
#define PAGE_COUNT_STORE_SQLITE_ENGINE_FOREIGN_DATABASE_H_

#include "worker/store/sqlite/engine/connection.h"

namespace page_count {

// Whether the database has no tables, nor anything else.
bool HoldsNothing(Connection& connection);

// Throws unless the database is page-count's, of the schema that this program knows, or holds nothing.
void RefuseForeignDatabase(Connection& connection);

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_ENGINE_FOREIGN_DATABASE_H_
