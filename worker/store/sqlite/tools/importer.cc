#include "worker/store/sqlite/tools/importer.h"

#include <algorithm>
#include <utility>

#include "worker/store/sqlite/engine/write_transaction.h"
#include "worker/store/sqlite/log/client_address.h"
#include "worker/store/sqlite/tools/historical_ids.h"

namespace page_count {
namespace {

constexpr size_t kClientsRemembered = 1 << 19;  // more, the fewer are looked up again

bool ById(const VisitRow& left, const VisitRow& right) { return left.id < right.id; }

// In blocks of the same size, about.
std::vector<EncodedBlock> Encode(std::span<const VisitRow> visits, size_t block_visits) {
  const size_t count = (visits.size() + block_visits - 1) / block_visits;
  std::vector<EncodedBlock> blocks;
  for (size_t i = 0; i < count; ++i) {
    const size_t first = visits.size() * i / count;
    blocks.push_back(BlockTable::Encode(visits.subspan(first, visits.size() * (i + 1) / count - first)));
  }
  return blocks;
}

}  // namespace

Importer::Importer(Connection& connection, const DatabaseLock& writer, Sealing sealing, Sealer& sealer,
                   ClientCounter& counter)
    : connection_(connection),
      writer_(writer),
      sealing_(sealing),
      sealer_(sealer),
      counter_(counter),
      state_(connection),
      log_(connection, kClientsRemembered),
      totals_(connection),
      blocks_(connection) {}

Importer::Chunk Importer::Resolve(const VisitBatch& batch) {
  const auto ips = batch.of(Dimension::kClient).texts();
  std::vector<std::string> addresses;
  addresses.reserve(ips.size());
  for (const std::string_view ip : ips) addresses.push_back(PackAddress(ip));
  size_t places = 0;
  for (const TextList& list : batch.texts) places = std::max(places, list.texts().size());
  std::vector<VisitRow> ids(places);  // of each place's texts
  PendingIds pending;
  {
    Transaction snapshot(connection_, Transaction::Kind::kRead);
    log_.AdoptGeneration(state_.Read().generation);  // the maintenance lock is held: no text was taken away
    for (const Dimension column : kAllColumns) {
      if (column != Dimension::kClient) log_.Find(column, batch.of(column).texts(), ids, pending);
    }
    log_.FindClients(addresses, ids, pending);
  }
  while (pending.HasMissing()) {
    WriteTransaction transaction(connection_, writer_);
    log_.AddTexts(pending);
    transaction.Commit();
  }
  VisitLog::AssignIds(pending, ids);
  Chunk chunk{{}, batch.order};
  chunk.rows.reserve(batch.visits.size());
  for (const VisitBatch::Row& visit : batch.visits) {
    VisitRow& row = chunk.rows.emplace_back(VisitRow{.id = FirstIdAt(visit.at), .texts = {}});
    for (size_t column = 0; column < kColumns; ++column) row.texts[column] = ids[visit.texts[column]].texts[column];
  }
  return chunk;
}

size_t Importer::CountOverlapped(const Chunk& chunk) {
  const auto [oldest, newest] = std::minmax_element(chunk.rows.begin(), chunk.rows.end(), ById);
  int64_t visits = 0;
  for (const Block& block : blocks_.Find(oldest->id, FirstIdAt(TimeOf(newest->id) + kIdOverflow))) {
    visits += block.visits;
  }
  return static_cast<size_t>(visits);
}

// All but the little that comes in meanwhile is sealed before the write lock.
void Importer::SealUpTo(const Chunk& chunk, Sets sets) {
  sealer_.SealAll();
  const UtcTime newest = TimeOf(std::max_element(chunk.rows.begin(), chunk.rows.end(), ById)->id);
  WriteTransaction transaction(connection_, writer_);
  sealer_.SealRest();
  const LogState state = state_.Read();
  if (sets == Sets::kStartOver && state.clients.clients_target != kNoVisit) counter_.StartOver();
  state_.SetSealed(std::max(state.newest, FirstIdAt(newest + kIdOverflow) - 1));
  transaction.Commit();
}

void Importer::GiveIds(Chunk& chunk) {
  const auto [oldest, newest] = std::minmax_element(chunk.rows.begin(), chunk.rows.end(), ById);
  std::vector<VisitId> taken;
  for (const Block& block : blocks_.Find(oldest->id, FirstIdAt(TimeOf(newest->id) + kIdOverflow))) {
    const auto times = blocks_.ReadTimes(block);
    taken.insert(taken.end(), times.begin(), times.end());
  }
  std::vector<UtcTime> times;
  times.reserve(chunk.rows.size());
  for (const VisitRow& row : chunk.rows) times.push_back(TimeOf(row.id));
  const auto ids = AllocateHistoricalIds(times, chunk.order, taken);
  for (size_t i = 0; i < ids.size(); ++i) chunk.rows[i].id = ids[i];
}

// Under the maintenance lock nobody else gives out ids in the past, seals or deletes: all is made before the write
// lock.
void Importer::Add(Chunk chunk) {
  const Merged merged = Merge(std::move(chunk));
  WriteTransaction transaction(connection_, writer_);
  Write(merged);
  transaction.Commit();
}

Importer::Merged Importer::Merge(Chunk chunk) {
  GiveIds(chunk);
  Merged merged;
  merged.rows = chunk.rows;
  std::sort(chunk.rows.begin(), chunk.rows.end(), ById);
  merged.overlapped = blocks_.Find(chunk.rows.front().id, chunk.rows.back().id + 1);
  std::vector<VisitRow> visits;
  for (const Block& block : merged.overlapped) {
    const auto of_block = blocks_.ReadVisits(block);
    visits.insert(visits.end(), of_block.begin(), of_block.end());
  }
  const auto added = visits.insert(visits.end(), chunk.rows.begin(), chunk.rows.end());
  std::inplace_merge(visits.begin(), added, visits.end(), ById);
  merged.blocks = Encode(visits, sealing_.block_visits);
  return merged;
}

void Importer::Write(const Merged& merged) {
  for (const Block& block : merged.overlapped) blocks_.Delete(block);
  for (const EncodedBlock& block : merged.blocks) blocks_.Add(block);
  totals_.Add(PagesOf(merged.rows));
  state_.StartNextGeneration();
}

}  // namespace page_count
