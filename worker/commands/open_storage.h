// Opens the storage that the settings name: the only place that knows which engine keeps the visits.
//
// A command says what it wants of the storage. What it cannot use is refused before anything is made or changed, and
// before this process opens it: std::runtime_error says what is there and what to do. What a reader should know of it
// all the same is said on standard error.
#ifndef PAGE_COUNT_COMMANDS_OPEN_STORAGE_H_
#define PAGE_COUNT_COMMANDS_OPEN_STORAGE_H_

#include <cstdint>
#include <functional>
#include <string>

#include "worker/commands/settings.h"
#include "worker/store/sql_row.h"
#include "worker/store/visit_store.h"

namespace page_count {

enum class Purpose {
  kServe,   // made if it is missing, and nothing is refused: a worker's stores say what is wrong when they are used
  kImport,  // made if it is missing
  kRead,    // is there, of this program's schema; nothing is made or changed
  kReadAttributes,  // the same, and visits may be read with attributes
  kChange,          // is there; leaves nothing beside it that no worker needs
};
OpenStore OpenStorage(const Settings& settings, Purpose purpose);

// Throws ForeignFileError if what is in the storage's place is somebody else's.
void RefuseForeignStorage(const Settings& settings);

// Runs one SQL statement that only reads; throws SqlError for any other.
void QueryStorage(const Settings& settings, const std::string& sql, const TakeSqlRow& take);

// Returns what writes all visits into a new file, which is empty yet: a plain SQLite file with one table. Throws
// CopyError if the file cannot be written; returns how many visits it holds.
using WriteFile = std::function<int64_t(const std::string& file)>;
WriteFile OpenPlainExport(const Settings& settings);

struct RestoredStorage {
  int64_t visits = 0;
  std::string kept_as;  // what was there before; empty if there was nothing
};
// Puts a backup in the storage's place. Nobody may use it meanwhile.
RestoredStorage RestoreStorage(const Settings& settings, const std::string& backup);

}  // namespace page_count

#endif  // PAGE_COUNT_COMMANDS_OPEN_STORAGE_H_
