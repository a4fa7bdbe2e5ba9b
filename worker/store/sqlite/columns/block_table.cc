#include "worker/store/sqlite/columns/block_table.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "worker/store/store_error.h"

namespace page_count {
namespace {

constexpr int kColumnBits = 4;  // of a column's id, after its block's

int64_t ColumnId(int64_t block, BlockColumn column) { return block << kColumnBits | static_cast<int64_t>(column); }

BlockColumn ColumnOf(Dimension dimension) {
  switch (dimension) {
    case Dimension::kPage:
      return BlockColumn::kPage;
    case Dimension::kClient:
      return BlockColumn::kClient;
    case Dimension::kAgent:
      return BlockColumn::kAgent;
    case Dimension::kHour:
      break;
  }
  return BlockColumn::kTime;
}

std::vector<int64_t> IdsOf(std::span<const VisitRow> visits, int64_t VisitRow::* column) {
  std::vector<int64_t> ids;
  ids.reserve(visits.size());
  for (const VisitRow& visit : visits) ids.push_back(visit.*column);
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

CodeColumn BlockTable::ReadColumn(const Block& block, Dimension column) { return Read(block, ColumnOf(column)); }

CodeColumn BlockTable::Read(const Block& block, BlockColumn column) {
  auto codes = DecodeCodes(column, ReadBlob(block, column));
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
  const auto fill = [&](Dimension dimension, int64_t VisitRow::* column) {
    const CodeColumn codes = ReadColumn(block, dimension);
    for (size_t i = 0; i < visits.size(); ++i) visits[i].*column = codes.IdOf(i);
  };
  fill(Dimension::kPage, &VisitRow::page);
  fill(Dimension::kClient, &VisitRow::client);
  fill(Dimension::kAgent, &VisitRow::agent);
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
  const auto ids = IdsOf(visits, &VisitRow::id);
  std::string times = EncodeTimes(ids);
  if (DecodeTimes(times) != ids) {
    throw StoreError("the times of a block of visits read back otherwise than they were written; it was not stored");
  }
  const auto put = [&block](BlockColumn column, std::string blob) {
    block.columns[static_cast<size_t>(column)] = std::move(blob);
  };
  put(BlockColumn::kTime, std::move(times));
  put(BlockColumn::kPage, EncodeAndVerify(BlockColumn::kPage, IdsOf(visits, &VisitRow::page)));
  put(BlockColumn::kClient, EncodeAndVerify(BlockColumn::kClient, IdsOf(visits, &VisitRow::client)));
  put(BlockColumn::kAgent, EncodeAndVerify(BlockColumn::kAgent, IdsOf(visits, &VisitRow::agent)));
  put(BlockColumn::kSource, EncodeAndVerify(BlockColumn::kSource, std::vector<int64_t>(visits.size())));
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
