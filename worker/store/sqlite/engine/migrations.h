// Brings a database file to the schema this program knows: one migration a version, kept in user_version.
//
// A file that is newer, or that is something else's, is refused with ForeignFileError, which says what it is and what
// to do, and left as it is. Migrate under the
// write lock, and under the maintenance lock where the file is outdated.
#ifndef PAGE_COUNT_STORE_SQLITE_ENGINE_MIGRATIONS_H_
#define PAGE_COUNT_STORE_SQLITE_ENGINE_MIGRATIONS_H_

#include "worker/store/sqlite/engine/connection.h"

namespace page_count {

constexpr int64_t kApplicationId = 0x70676374;  // "pgct"

// The schema that this program knows.
int64_t KnownSchema();
bool IsOutdated(Connection& connection);
void Migrate(Connection& connection);

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_ENGINE_MIGRATIONS_H_
