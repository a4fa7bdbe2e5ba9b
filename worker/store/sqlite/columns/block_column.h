// The columns of a block of visits, and how many visits a block holds.
#ifndef PAGE_COUNT_STORE_SQLITE_COLUMNS_BLOCK_COLUMN_H_
#define PAGE_COUNT_STORE_SQLITE_COLUMNS_BLOCK_COLUMN_H_

#include <cstddef>
#include <cstdint>

namespace page_count {

constexpr size_t kMaxBlockVisits = 65'536;

// Their numbers are stored: in a column's blob and in its row's id.
enum class BlockColumn : uint8_t { kTime, kPage, kClient, kAgent, kSource };
inline constexpr size_t kBlockColumns = 5;

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_COLUMNS_BLOCK_COLUMN_H_
