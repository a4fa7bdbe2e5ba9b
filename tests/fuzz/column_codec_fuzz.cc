// Any bytes are a column's blob: what is decoded of it is a column of a block, and is encoded and decoded again.
//
// The first byte is the column's number. The rest is the blob, whose checksum is made right; it is also the numbers and
// codes of a blob whose header is right as well: two bytes of visits, two of distinct ids, one of the numbers' length.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tests/fuzz/require.h"
#include "worker/store/sqlite/columns/column_blob.h"
#include "worker/store/sqlite/columns/column_codec.h"

namespace {

using namespace page_count;

void CheckTimes(const std::string& blob) {
  const auto ids = DecodeTimes(blob);
  if (!ids) return;
  Require(!ids->empty() && ids->size() <= kMaxBlockVisits && ids->front() > 0);
  Require(std::ranges::adjacent_find(*ids, std::ranges::greater_equal()) == ids->end());
  Require(EncodeTimes(*ids) == blob);
}

void CheckCodes(BlockColumn column, const std::string& blob) {
  const auto decoded = DecodeCodes(column, blob);
  if (!decoded) return;
  Require(column != BlockColumn::kTime);
  Require(!decoded->codes.empty() && decoded->codes.size() <= kMaxBlockVisits);
  Require(!decoded->ids.empty() && decoded->ids.size() <= decoded->codes.size() && decoded->ids.front() >= 0);
  Require(std::ranges::adjacent_find(decoded->ids, std::ranges::greater_equal()) == decoded->ids.end());

  std::vector<int64_t> ids;
  std::vector<bool> occurs(decoded->ids.size());
  for (size_t visit = 0; visit < decoded->codes.size(); ++visit) {
    Require(decoded->codes[visit] < decoded->ids.size());
    ids.push_back(decoded->IdOf(visit));
    occurs[decoded->codes[visit]] = true;
  }
  const std::string encoded = EncodeCodes(column, ids);
  if (std::ranges::find(occurs, false) == occurs.end()) {
    Require(encoded == blob);
    return;
  }
  const auto again = DecodeCodes(column, encoded);
  Require(again.has_value() && again->codes.size() == ids.size());
  for (size_t visit = 0; visit < ids.size(); ++visit) Require(again->IdOf(visit) == ids[visit]);
}

void Check(BlockColumn column, const std::string& blob) {
  CheckTimes(blob);
  CheckCodes(column, blob);
}

void CheckParts(BlockColumn column, std::string_view bytes) {
  constexpr size_t kCounts = 5;
  if (bytes.size() < kCounts) return;
  const auto byte = [bytes](size_t at) { return uint32_t{static_cast<uint8_t>(bytes[at])}; };
  ColumnParts parts = {
      .visits = byte(0) | byte(1) << 8, .distinct_ids = byte(2) | byte(3) << 8, .numbers = {}, .codes = {}};
  const size_t number_bytes = byte(4);
  bytes.remove_prefix(kCounts);
  parts.numbers = bytes.substr(0, number_bytes);
  parts.codes = bytes.substr(parts.numbers.size());
  Check(column, PackColumn(column, parts));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const auto column = static_cast<BlockColumn>(data[0] % kBlockColumns);
  std::string blob(reinterpret_cast<const char*>(data + 1), size - 1);
  Check(column, blob);
  CheckParts(column, blob);
  WriteChecksum(blob);
  Check(column, blob);
  return 0;
}
