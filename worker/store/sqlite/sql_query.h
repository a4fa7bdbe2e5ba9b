// Runs one SQL statement that only reads, for whoever administers the database: on its tables and the table `visits`.
//
// The file is opened as FileAccess::kRead has it. Throws SqlError for a statement that is none, is more than one, or
// does anything but return rows; StoreError if the file cannot be read. One thread.
#ifndef PAGE_COUNT_STORE_SQLITE_SQL_QUERY_H_
#define PAGE_COUNT_STORE_SQLITE_SQL_QUERY_H_

#include <string>

#include "worker/store/sql_row.h"

namespace page_count {

void RunSqlQuery(const std::string& path, const std::string& sql, const TakeSqlRow& take);

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_SQL_QUERY_H_
