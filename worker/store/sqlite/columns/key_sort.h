// Sorts many keys whose bits differ in few places only, such as a page's and a client's id put together.
//
// A radix sort: a round for each 11 bits in which any two keys differ. Takes the keys' memory a second time. Pure, any
// thread.
#ifndef PAGE_COUNT_STORE_SQLITE_COLUMNS_KEY_SORT_H_
#define PAGE_COUNT_STORE_SQLITE_COLUMNS_KEY_SORT_H_

#include <cstdint>
#include <vector>

namespace page_count {

// Ascending. No key is negative, and there are fewer than 2^32.
void SortKeys(std::vector<int64_t>& keys);

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_COLUMNS_KEY_SORT_H_
