// Makes a copy of a database that is whole, or none: for backups that are put back.
//
// Reads the source with its log if there is one, and leaves it as it is. The copy is one file without a log, checked
// row by row, an id of its own in it, and on the disk. Throws StoreError that says what is wrong with the source; a
// copy that failed is removed.
#ifndef PAGE_COUNT_STORE_SQLITE_TOOLS_COPY_CHECK_H_
#define PAGE_COUNT_STORE_SQLITE_TOOLS_COPY_CHECK_H_

#include <cstdint>
#include <string>

namespace page_count {

// How many visits the copy holds. There must be no file at `copy`.
int64_t MakeCheckedCopy(const std::string& source, const std::string& copy);

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_TOOLS_COPY_CHECK_H_
