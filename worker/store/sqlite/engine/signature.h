// What C++ takes a statement of sql/sqlite/ for: its name, its parameters and the columns that it returns, in the order
// in which they are bound and read.
//
//   page_total_find(page_id) -> visits, clients
//   page_total_add(rows(page_id, visits))        rows of an array_table, and how the statement names their columns
//
// Compared when a statement is prepared, once a connection, so binding and reading by position cost nothing and no line
// that moves in an .sql file goes unseen. Any thread.
#ifndef PAGE_COUNT_STORE_SQLITE_ENGINE_SIGNATURE_H_
#define PAGE_COUNT_STORE_SQLITE_ENGINE_SIGNATURE_H_

#include <string>
#include <string_view>

struct sqlite3_stmt;

namespace page_count {

// The statement's name: what comes before the parameters.
std::string_view NameIn(std::string_view signature);

// The signature that a prepared statement has.
std::string SignatureOf(std::string_view name, sqlite3_stmt* statement);

// Aborts, and says what differs, unless the statement has that signature.
void RequireSignature(std::string_view signature, sqlite3_stmt* statement);

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_ENGINE_SIGNATURE_H_
