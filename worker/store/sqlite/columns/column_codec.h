// Encodes a column of a block of visits as a blob, and decodes it again.
//
// The visits are in the order of time, at least one and at most kMaxBlockVisits. The format is in column_codec.cc.
// Pure, any thread. Encoding what is no column of a block (times that do not ascend, a negative id) aborts. Decoding is
// safe for any bytes: nullopt means that they are damaged, or another column's. Throws std::bad_alloc.
#ifndef PAGE_COUNT_STORE_SQLITE_COLUMNS_COLUMN_CODEC_H_
#define PAGE_COUNT_STORE_SQLITE_COLUMNS_COLUMN_CODEC_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "worker/store/sqlite/columns/block_column.h"
#include "worker/store/sqlite/columns/code_column.h"
#include "worker/store/sqlite/log/visit_id.h"

namespace page_count {

// The column kTime. Each id is > 0 and greater than the one before.
std::string EncodeTimes(std::span<const VisitId> ids);
std::optional<std::vector<VisitId>> DecodeTimes(std::string_view blob);

// Any other column: an id >= 0 of its dictionary for each visit.
std::string EncodeCodes(BlockColumn column, std::span<const int64_t> ids);
std::optional<CodeColumn> DecodeCodes(BlockColumn column, std::string_view blob);

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_COLUMNS_COLUMN_CODEC_H_
