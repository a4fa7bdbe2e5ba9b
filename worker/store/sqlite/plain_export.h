// Writes all visits into a plain SQLite file: the table `visits` of the page_count that page-count takes the place of,
// oldest first, under their ids.
//
// As of one moment, while others go on writing; in little memory. The file is whole but not yet synced. Throws
// CopyError if it cannot be written, StoreError if the database cannot be read. One thread.
#ifndef PAGE_COUNT_STORE_SQLITE_PLAIN_EXPORT_H_
#define PAGE_COUNT_STORE_SQLITE_PLAIN_EXPORT_H_

#include <cstdint>
#include <string>

namespace page_count {

// The file must be empty. Returns how many visits it holds.
int64_t ExportPlainFile(const std::string& database, const std::string& file);

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_PLAIN_EXPORT_H_
