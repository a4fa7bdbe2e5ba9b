// A column's blob as its parts: the numbers and the codes behind a header with a checksum.
//
// Inside the codec: column_codec.cc describes the bytes. Pure, any thread.
#ifndef PAGE_COUNT_STORE_SQLITE_COLUMNS_COLUMN_BLOB_H_
#define PAGE_COUNT_STORE_SQLITE_COLUMNS_COLUMN_BLOB_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "worker/store/sqlite/columns/block_column.h"

namespace page_count {

// The texts are views of what its maker owns.
struct ColumnParts {
  uint32_t visits;
  uint32_t distinct_ids;  // 0 for times
  std::string_view numbers;
  std::string_view codes;
};

// How many bytes the code of a visit has, if the column has that many distinct ids.
constexpr size_t CodeBytes(size_t distinct_ids) { return distinct_ids <= 1 ? 0 : distinct_ids <= 256 ? 1 : 2; }

std::string PackColumn(BlockColumn column, const ColumnParts& parts);
// nullopt unless the checksum is right and the header is one that PackColumn writes for this column and these lengths.
std::optional<ColumnParts> UnpackColumn(BlockColumn column, std::string_view blob);

// Makes the checksum that of the other bytes; a blob shorter than a header has none. PackColumn does it; tests do it to
// blobs that no encoder wrote.
void WriteChecksum(std::string& blob);

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_COLUMNS_COLUMN_BLOB_H_
