// A set of ids (a page's clients), packed into a row as a blob.
//
// Packed: each id's distance from the one before, ascending, as a LEB128 number. Any thread. Unpacking bytes that are
// no such blob gives what can be read of them: `page-count check` finds such damage.
#ifndef PAGE_COUNT_STORE_SQLITE_COLUMNS_PACKED_IDS_H_
#define PAGE_COUNT_STORE_SQLITE_COLUMNS_PACKED_IDS_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace page_count {

// Ascending, each once.
std::vector<int64_t> UnpackIds(std::string_view blob);
// `ids` as UnpackIds returns them.
std::string PackIds(std::span<const int64_t> ids);

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_COLUMNS_PACKED_IDS_H_
