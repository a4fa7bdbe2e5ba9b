// The columns of a block, each a blob.
//
// The layout (version 1)
//
// A block holds 1 to 65,536 visits in the order of their ids. Each of its columns is a blob of its own. All integers
// are little endian.
//
//        0 +---------------------------+
//          | u8 version of the format  |     1
//        1 | u8 column                 |     a BlockColumn
//        2 | u8 bytes of a code        |     0, 1 or 2: what follows from the number of distinct ids; 0 for times
//        3 | u8 0                      |
//        4 | u32 visits                |
//        8 | u32 distinct ids          |     0 for times
//       12 | u32 bytes of the numbers  |
//       16 | u64 checksum              |     XXH3-64 of bytes 0 to 15 and of all that follow byte 23
//       24 +---------------------------+
//          | numbers                   |     LEB128, each in as few bytes as it needs
//          +---------------------------+
//          | codes                     |     one a visit; none if there is only one distinct id, and none for times
//          +---------------------------+
//
// A column of a dictionary's ids. The numbers are the distinct ids in ascending order: the first one itself, then each
// one's distance from the one before. A visit's code is the place of its id among them, from 0. A code has no bytes if
// there is one distinct id, one byte if there are up to 256, and two otherwise.
//
// The column of times. An id is UTC milliseconds << 20 | number within the millisecond (visit_id.h). For each visit
// there is a step, 2 * (milliseconds - those of the visit before) + flag. The expected number within the millisecond is
// 0 in a new millisecond, and one more than the number before in the same one. Flag 0: the visit has the expected
// number. Flag 1: it has another one, which follows the step. Before the first visit stands the id 0, which no visit
// has. Of ten million visits a month most take two bytes.
//
// Invariants, of every blob that a decoder accepts:
// 1. The checksum is that of the other bytes. It is verified first, so what follows is for blobs that were made wrong.
// 2. The header fits the column that was asked for, and the length of the blob is what the header says.
// 3. Nothing is allocated for more visits or ids than the header counts; there are never more ids than visits, and
//    never more ids, or times, than bytes of numbers.
// 4. The numbers end exactly where their bytes end, and none has two spellings.
// 5. Distinct ids ascend and are from 0 to 2^63 - 1; times too, from 1.
// 6. Each code is the place of a distinct id. That each distinct id has a visit is the encoder's promise alone: to
// check
//    it would take as long as all the rest.
//
// So a column of times has one encoding only, and so does a column of ids of which each occurs. A change of anything
// here is a new version of the format.
#include "worker/store/sqlite/columns/column_codec.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <limits>

#include "worker/store/sqlite/columns/column_blob.h"
#include "worker/store/sqlite/columns/varint.h"
#include "worker/store/sqlite/columns/visits_by_id.h"

namespace page_count {
namespace {

constexpr int kNumberBits = 20;  // of a visit's id
constexpr uint64_t kNumberMask = (uint64_t{1} << kNumberBits) - 1;
constexpr uint64_t kMaxMilliseconds = static_cast<uint64_t>(kAfterAllVisits) >> kNumberBits;

void Require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "this is no column of a block: %s\n", what);
  std::abort();
}

void RequireBlockSize(size_t visits) {
  Require(visits >= 1 && visits <= kMaxBlockVisits, "it does not have 1 to 65,536 visits");
}

// The id that a visit has unless its number is stored, `milliseconds_later` than the visit `before`.
uint64_t ExpectedId(uint64_t before, uint64_t milliseconds, uint64_t milliseconds_later) {
  return milliseconds_later > 0 ? milliseconds << kNumberBits : before + 1;
}

bool TakeTimes(VarintReader& numbers, std::span<VisitId> ids) {
  uint64_t milliseconds = 0;
  uint64_t id = 0;
  for (VisitId& taken : ids) {
    uint64_t step;
    if (!numbers.Take(step)) return false;
    milliseconds += step / 2;
    if (milliseconds > kMaxMilliseconds) return false;
    const uint64_t before = id;
    id = ExpectedId(before, milliseconds, step / 2);
    if (step % 2 == 1) {
      uint64_t number;
      if (!numbers.Take(number) || number > kNumberMask) return false;
      const uint64_t given = milliseconds << kNumberBits | number;
      if (given == id || given <= before) return false;
      id = given;
    }
    if (id >> kNumberBits != milliseconds) return false;  // the number before was the last of its millisecond
    taken = static_cast<VisitId>(id);
  }
  return numbers.at_end();
}

// Of few ids the distances are long, and of many short.
bool TakeDistinctIds(VarintReader& numbers, std::span<int64_t> ids) {
  constexpr auto kMaxId = static_cast<uint64_t>(std::numeric_limits<int64_t>::max());
  constexpr uint64_t kNoOverflow = kMaxId - VarintReader::kAtOnce * 0x7f;
  uint64_t id = 0;
  for (size_t i = 0; i < ids.size();) {
    if (i > 0 && ids.size() - i >= VarintReader::kAtOnce && id <= kNoOverflow && numbers.TakeSums(id, &ids[i])) {
      i += VarintReader::kAtOnce;
      continue;
    }
    uint64_t distance;
    if (!numbers.Take(distance)) return false;
    if (distance == 0 && i > 0) return false;
    id += distance;
    if (id > kMaxId) return false;
    ids[i++] = static_cast<int64_t>(id);
  }
  return numbers.at_end();
}

std::vector<uint16_t> WidenCodes(const ColumnParts& parts) {
  const auto* bytes = reinterpret_cast<const uint8_t*>(parts.codes.data());
  switch (CodeBytes(parts.distinct_ids)) {
    case 0:
      return std::vector<uint16_t>(parts.visits);
    case 1:
      return {bytes, bytes + parts.visits};
    default:
      std::vector<uint16_t> codes(parts.visits);
      std::memcpy(codes.data(), bytes, parts.codes.size());
      return codes;
  }
}

uint16_t LargestOf(const std::vector<uint16_t>& codes) {
  uint16_t largest = 0;
  for (const uint16_t code : codes) largest = std::max(largest, code);
  return largest;
}

}  // namespace

std::string EncodeTimes(std::span<const VisitId> ids) {
  RequireBlockSize(ids.size());
  std::string numbers;
  numbers.reserve(3 * ids.size());
  uint64_t before = 0;
  for (const VisitId visit : ids) {
    Require(visit > static_cast<VisitId>(before), "a time does not ascend");
    const auto id = static_cast<uint64_t>(visit);
    const uint64_t milliseconds = id >> kNumberBits;
    const uint64_t milliseconds_later = milliseconds - (before >> kNumberBits);
    const bool is_expected = id == ExpectedId(before, milliseconds, milliseconds_later);
    PutVarint(numbers, 2 * milliseconds_later + (is_expected ? 0 : 1));
    if (!is_expected) PutVarint(numbers, id & kNumberMask);
    before = id;
  }
  return PackColumn(BlockColumn::kTime,
                    {.visits = static_cast<uint32_t>(ids.size()), .distinct_ids = 0, .numbers = numbers, .codes = {}});
}

std::optional<std::vector<VisitId>> DecodeTimes(std::string_view blob) {
  const auto parts = UnpackColumn(BlockColumn::kTime, blob);
  if (!parts) return std::nullopt;
  std::vector<VisitId> ids(parts->visits);
  VarintReader numbers(parts->numbers);
  if (!TakeTimes(numbers, ids)) return std::nullopt;
  return ids;
}

std::string EncodeCodes(BlockColumn column, std::span<const int64_t> ids) {
  RequireBlockSize(ids.size());
  Require(column != BlockColumn::kTime, "times have no codes");
  Require(*std::ranges::min_element(ids) >= 0, "an id is negative");
  std::vector<uint16_t> codes(ids.size());
  std::string numbers;
  numbers.reserve(2 * ids.size());
  uint32_t distinct_ids = 0;
  uint64_t before = 0;
  for (const auto& [id, visit] : VisitsById(ids)) {
    if (distinct_ids == 0 || id != before) {
      PutVarint(numbers, id - before);
      before = id;
      ++distinct_ids;
    }
    codes[visit] = static_cast<uint16_t>(distinct_ids - 1);
  }
  ColumnParts parts = {
      .visits = static_cast<uint32_t>(ids.size()), .distinct_ids = distinct_ids, .numbers = numbers, .codes = {}};
  std::string narrow;
  if (CodeBytes(distinct_ids) == 1) {
    narrow.assign(codes.begin(), codes.end());
    parts.codes = narrow;
  } else if (CodeBytes(distinct_ids) == 2) {
    parts.codes = {reinterpret_cast<const char*>(codes.data()), codes.size() * sizeof(codes[0])};
  }
  return PackColumn(column, parts);
}

// A column of times has no ids, so that no code is right.
std::optional<CodeColumn> DecodeCodes(BlockColumn column, std::string_view blob) {
  const auto parts = UnpackColumn(column, blob);
  if (!parts) return std::nullopt;
  CodeColumn decoded = {.ids = std::vector<int64_t>(parts->distinct_ids), .codes = WidenCodes(*parts)};
  VarintReader numbers(parts->numbers);
  if (!TakeDistinctIds(numbers, decoded.ids) || LargestOf(decoded.codes) >= parts->distinct_ids) return std::nullopt;
  return decoded;
}

}  // namespace page_count
