// Gives a database file the schema of sql/sqlite/schema.sql, if it has none.
//
// A file that has another one (of an earlier build, of a newer page-count, of another program) is refused with
// ForeignFileError, which says what it is and what to do, and is left as it is: nothing is ever converted in place.
// Only under the write lock, by the connection's thread; throws StoreError.
#ifndef PAGE_COUNT_STORE_SQLITE_ENGINE_SCHEMA_H_
#define PAGE_COUNT_STORE_SQLITE_ENGINE_SCHEMA_H_

#include "worker/store/sqlite/engine/connection.h"

namespace page_count {

// The marks in the header of a page-count database, as schema.sql sets them.
constexpr int64_t kApplicationId = 0x70636e74;  // "pcnt"
constexpr int64_t kSchemaVersion = 4;
// Of builds whose application_id was another one, whose user_version counted migrations.
constexpr int64_t kEarlierApplicationId = 0x70676374;  // "pgct"

void CreateSchemaIfEmpty(Connection& connection);

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_ENGINE_SCHEMA_H_
