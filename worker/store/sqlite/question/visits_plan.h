// How SQLite reads the table `visits` for one statement: which conditions become a range of ids, and in which order.
//
// A plan is made while SQLite prepares the statement, and is handed by SQLite to the cursor as a number and a text.
#ifndef PAGE_COUNT_STORE_SQLITE_QUESTION_VISITS_PLAN_H_
#define PAGE_COUNT_STORE_SQLITE_QUESTION_VISITS_PLAN_H_

#include <sqlite3.h>

#include "worker/store/sqlite/question/id_range.h"
#include "worker/store/sqlite/question/visits_cursor.h"

namespace page_count {

enum VisitsColumn : int { kRowId = -1, kId, kUrl, kIpAddress, kUserAgent, kTimestamp };

// SQLite's xBestIndex.
int PlanVisits(sqlite3_vtab* table, sqlite3_index_info* index);

// What a plan says, with the values of the statement's conditions.
IdRange RangeOf(const char* plan, sqlite3_value** bounds);
VisitsCursor::Order OrderOf(int plan);

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_QUESTION_VISITS_PLAN_H_
