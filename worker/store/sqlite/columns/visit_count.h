// How many visits are kept, sealed or not.
#ifndef PAGE_COUNT_STORE_SQLITE_COLUMNS_VISIT_COUNT_H_
#define PAGE_COUNT_STORE_SQLITE_COLUMNS_VISIT_COUNT_H_

#include <cstdint>

#include "worker/store/sqlite/engine/connection.h"

namespace page_count {

int64_t CountVisits(Connection& connection);

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_COLUMNS_VISIT_COUNT_H_
