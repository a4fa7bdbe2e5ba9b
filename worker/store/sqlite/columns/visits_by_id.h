// The visits of a block in the order of a column's ids.
//
// A radix sort: it takes as many rounds as the largest id has digits. Pure, any thread.
#ifndef PAGE_COUNT_STORE_SQLITE_COLUMNS_VISITS_BY_ID_H_
#define PAGE_COUNT_STORE_SQLITE_COLUMNS_VISITS_BY_ID_H_

#include <cstdint>
#include <span>
#include <vector>

namespace page_count {

struct VisitOfId {
  uint64_t id;
  uint32_t visit;  // its place in the block
};

// Ascending by id. No id is negative.
std::vector<VisitOfId> VisitsById(std::span<const int64_t> ids);

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_COLUMNS_VISITS_BY_ID_H_
