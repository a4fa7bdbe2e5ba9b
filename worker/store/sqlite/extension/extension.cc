// page-count-sqlite.so: the table `visits` in any program's SQLite, for the database that is its main one.
//
// `.load /usr/lib/page-count/page-count-sqlite` in the sqlite3 shell, load_extension() elsewhere. The host owns the
// connection and opens the file as it likes; nothing here writes or takes a lock. Needs what SQLite 3.40 has.

#include "worker/store/sqlite/question/visits_table.h"

SQLITE_EXTENSION_INIT1

// SQLite makes the name of the file's.
// NOLINTNEXTLINE(readability-identifier-naming)
extern "C" __attribute__((visibility("default"))) int sqlite3_pagecountsqlite_init(sqlite3* connection, char** error,
                                                                                   const sqlite3_api_routines* host) {
  constexpr int kOldest = 3'040'000;
  SQLITE_EXTENSION_INIT2(host);
  if (sqlite3_libversion_number() < kOldest) {
    *error = sqlite3_mprintf("page-count-sqlite needs SQLite 3.40, and this is %s", sqlite3_libversion());
    return SQLITE_ERROR;
  }
  return page_count::RegisterVisitsTable(connection);
}
