#include "worker/store/sqlite/columns/block_table.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "worker/store/store_error.h"

namespace page_count {
namespace {

constexpr int kColumnBits = 4;  // of a column's id, after its block's

int64_t ColumnId(int64_t block, BlockColumn column) { return block << kColumnBits | static_cast<int64_t>(column); }

// The columns that are texts come after the times, in their order.
BlockColumn StoredColumn(Dimension column) { return static_cast<BlockColumn>(IndexOf(column) + 1); }
static_assert(IndexOf(Dimension::kPage) + 1 == static_cast<size_t>(BlockColumn::kPage));
static_assert(IndexOf(Dimension::kClient) + 1 == static_cast<size_t>(BlockColumn::kClient));
static_assert(IndexOf(Dimension::kAgent) + 1 == static_cast<size_t>(BlockColumn::kAgent));
static_assert(IndexOf(Dimension::kSource) + 1 == static_cast<size_t>(BlockColumn::kSource));

std::vector<int64_t> IdsOf(std::span<const VisitRow> visits, Dimension column) {
  std::vector<int64_t> ids;
  ids.reserve(visits.size());
  for (const VisitRow& visit : visits) ids.push_back(visit.texts[IndexOf(column)]);
  return ids;
}

std::string EncodeAndVerify(BlockColumn column, const std::vector<int64_t>& ids) {
  std::string blob = EncodeCodes(column, ids);
  const auto decoded = DecodeCodes(column, blob);
  bool is_same = decoded && decoded->codes.size() == ids.size();
  for (size_t i = 0; is_same && i < ids.size(); ++i) is_same = decoded->IdOf(i) == ids[i];
  if (!is_same) throw StoreError("a block of visits reads back otherwise than it was written; it was not stored");
  return blob;
}

}  // namespace

BlockTable::BlockTable(DatabaseHandle& database)
    : within_(database, "block_within(from_id, before_id) -> id, first_id, last_id, visits"),
      add_(database, "block_add(first_id, last_id, visits) -> id"),
      delete_(database, "block_delete(id)"),
      read_column_(database, "block_column_read(id) -> codes"),
      add_column_(database, "block_column_add(id, codes)"),
      delete_columns_(database, "block_column_delete(from_id, before_id)") {}

std::vector<Block> BlockTable::Find(VisitId from, VisitId before) {
  std::vector<Block> blocks;
  Rows rows = within_.Run(from, before);
  while (rows.Next()) blocks.push_back({rows.Int(0), rows.Int(1), rows.Int(2), rows.Int(3)});
  return blocks;
}

std::vector<VisitId> BlockTable::ReadTimes(const Block& block) {
  auto times = DecodeTimes(ReadBlob(block, BlockColumn::kTime));
  const bool fits = times && static_cast<int64_t>(times->size()) == block.visits && times->front() == block.first &&
                    times->back() == block.last;
  if (!fits) ThrowDamaged(block);
  return std::move(*times);
}

CodeColumn BlockTable::ReadColumn(const Block& block, Dimension column) {
  auto codes = DecodeCodes(StoredColumn(column), ReadBlob(block, StoredColumn(column)));
  if (!codes || static_cast<int64_t>(codes->codes.size()) != block.visits) ThrowDamaged(block);
  return std::move(*codes);
}

std::string BlockTable::ReadBlob(const Block& block, BlockColumn column) {
  const MutexLock lock(reading_);
  Rows rows = read_column_.Run(ColumnId(block.id, column));
  if (!rows.Next()) ThrowDamaged(block);
  return std::string(rows.Bytes(0));
}

void BlockTable::ThrowDamaged(const Block& block) {
  throw StoreError("block " + std::to_string(block.id) + " of visits (" + FormatIso(TimeOf(block.first)) + " to " +
                   FormatIso(TimeOf(block.last)) + ") is damaged; put a backup in the file's place");
}

std::vector<VisitRow> BlockTable::ReadVisits(const Block& block) {
  const auto times = ReadTimes(block);
  std::vector<VisitRow> visits(times.size());
  for (size_t i = 0; i < times.size(); ++i) visits[i].id = times[i];
  for (const Dimension column : kAllColumns) {
    const CodeColumn codes = ReadColumn(block, column);
    for (size_t i = 0; i < visits.size(); ++i) visits[i].texts[IndexOf(column)] = codes.IdOf(i);
  }
  return visits;
}

std::vector<VisitRow> BlockTable::ReadRange(VisitId from, VisitId before, size_t at_least) {
  std::vector<VisitRow> range;
  for (const Block& block : Find(from, before)) {
    if (range.size() >= at_least) break;
    const auto visits = ReadVisits(block);
    std::copy_if(visits.begin(), visits.end(), std::back_inserter(range),
                 [&](const VisitRow& visit) { return visit.id >= from && visit.id < before; });
  }
  return range;
}

EncodedBlock BlockTable::Encode(std::span<const VisitRow> visits) {
  EncodedBlock block{visits.front().id, visits.back().id, static_cast<int64_t>(visits.size()), {}};
  std::vector<VisitId> ids;
  ids.reserve(visits.size());
  for (const VisitRow& visit : visits) ids.push_back(visit.id);
  std::string times = EncodeTimes(ids);
  if (DecodeTimes(times) != ids) {
    throw StoreError("the times of a block of visits read back otherwise than they were written; it was not stored");
  }
  block.columns[static_cast<size_t>(BlockColumn::kTime)] = std::move(times);
  for (const Dimension column : kAllColumns) {
    const BlockColumn stored = StoredColumn(column);
    block.columns[static_cast<size_t>(stored)] = EncodeAndVerify(stored, IdsOf(visits, column));
  }
  return block;
}

void BlockTable::Add(const EncodedBlock& block) {
  const int64_t id = add_.ReadInt(block.first, block.last, block.visits);
  for (size_t column = 0; column < kBlockColumns; ++column) {
    const int64_t column_id = ColumnId(id, static_cast<BlockColumn>(column));
    add_column_.Execute(column_id, std::string_view(block.columns[column]));
  }
}

void BlockTable::Delete(const Block& block) {
  delete_columns_.Execute(block.id << kColumnBits, (block.id + 1) << kColumnBits);
  delete_.Execute(block.id);
}

}  // namespace page_count
