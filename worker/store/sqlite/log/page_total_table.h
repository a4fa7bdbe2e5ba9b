// How many sealed visits each page has: what sealing adds, and what a cleanup or another page takes away.
//
// Inside the write transaction that changes the visits. Same thread as the connection; throws StoreError.
#ifndef PAGE_COUNT_STORE_SQLITE_LOG_PAGE_TOTAL_TABLE_H_
#define PAGE_COUNT_STORE_SQLITE_LOG_PAGE_TOTAL_TABLE_H_

#include <cstdint>
#include <span>
#include <vector>

#include "worker/store/sqlite/engine/database_handle.h"
#include "worker/store/sqlite/engine/statement.h"
#include "worker/store/sqlite/log/visit_id.h"

namespace page_count {

struct PageVisits {
  static constexpr size_t kIntegers = 2;

  int64_t page_id;
  int64_t visits;
};

// A page a visit.
std::vector<int64_t> PagesOf(std::span<const VisitRow> visits);

class PageTotalTable {
 public:
  explicit PageTotalTable(DatabaseHandle& database);

  // The pages of some visits, in any order.
  void Add(std::vector<int64_t> pages);
  void Subtract(std::vector<int64_t> pages);

 private:
  Statement add_;
  Statement subtract_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_LOG_PAGE_TOTAL_TABLE_H_
