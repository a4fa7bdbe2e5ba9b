// The table `visits` for SQL: id, url, ip_address, user_agent, timestamp ("2025-09-14 10:30:00"), of all visits, sealed
// or not. Read-only, in any page-count database of this schema; a statement that reads it sees one snapshot.
//
// Conditions on id and on timestamp become a range of ids, so that only that range's blocks are decoded; order by id or
// timestamp costs nothing in either direction; columns that a statement does not name are not decoded. rowid is id.
#ifndef PAGE_COUNT_STORE_SQLITE_QUESTION_VISITS_TABLE_H_
#define PAGE_COUNT_STORE_SQLITE_QUESTION_VISITS_TABLE_H_

struct sqlite3;

namespace page_count {

// Once a connection. Returns SQLite's status.
int RegisterVisitsTable(sqlite3* connection);

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_QUESTION_VISITS_TABLE_H_
