// A column of a block, decoded: which ids of a dictionary occur in it, and which one each visit has.
//
// Plain values. The decoder guarantees that each code is a place in `ids`.
#ifndef PAGE_COUNT_STORE_SQLITE_COLUMNS_CODE_COLUMN_H_
#define PAGE_COUNT_STORE_SQLITE_COLUMNS_CODE_COLUMN_H_

#include <cstdint>
#include <vector>

namespace page_count {

struct CodeColumn {
  std::vector<int64_t> ids;     // ascending, each occurs
  std::vector<uint16_t> codes;  // one a visit, in the order of time: its id's place in `ids`

  int64_t IdOf(size_t visit) const { return ids[codes[visit]]; }
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_COLUMNS_CODE_COLUMN_H_
