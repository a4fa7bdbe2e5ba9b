#include "worker/store/sqlite/tools/importer.h"

#include <algorithm>

#include "worker/store/sqlite/engine/write_transaction.h"
#include "worker/store/sqlite/log/client_address.h"
#include "worker/store/sqlite/tools/historical_ids.h"

namespace page_count {
namespace {

constexpr size_t kClientsRemembered = 1 << 19;  // more, the fewer are looked up again

bool ByTime(const LoggedVisit& left, const LoggedVisit& right) { return left.at < right.at; }
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
      blocks_(connection) {}

Importer::Chunk Importer::Resolve(std::vector<LoggedVisit> visits, VisitOrder order) {
  Chunk chunk{std::move(visits), order, {}};
  std::vector<VisitTexts> texts;
  std::vector<std::string> addresses;
  texts.reserve(chunk.visits.size());
  addresses.reserve(chunk.visits.size());
  for (const LoggedVisit& visit : chunk.visits) {
    texts.push_back({kNoVisit, visit.url, visit.ip, visit.user_agent, visit.source});
    addresses.push_back(PackAddress(visit.ip));
  }
  PendingIds pending;
  {
    Transaction snapshot(connection_, Transaction::Kind::kRead);
    log_.AdoptGeneration(state_.Read().generation);  // the maintenance lock is held: no text was taken away
    pending = log_.FindTexts(texts, chunk.rows);
    log_.FindClients(addresses, chunk.rows, pending);
  }
  while (pending.HasMissing()) {
    WriteTransaction transaction(connection_, writer_);
    log_.AddTexts(pending);
    transaction.Commit();
  }
  VisitLog::AssignIds(pending, chunk.rows);
  return chunk;
}

void Importer::SealUpTo(const Chunk& chunk) {
  const UtcTime newest = std::max_element(chunk.visits.begin(), chunk.visits.end(), ByTime)->at;
  WriteTransaction transaction(connection_, writer_);
  sealer_.SealRest();
  const LogState state = state_.Read();
  if (state.clients.clients_target != kNoVisit) counter_.StartOver();
  state_.SetSealed(std::max(state.newest, FirstIdAt(newest + kIdOverflow) - 1));
  transaction.Commit();
}

// Under the maintenance lock nobody else gives out ids in the past, seals or deletes: all is made before the write
// lock.
void Importer::Add(Chunk& chunk) {
  const auto [oldest, newest] = std::minmax_element(chunk.visits.begin(), chunk.visits.end(), ByTime);
  std::vector<VisitId> taken;
  for (const Block& block : blocks_.Find(FirstIdAt(oldest->at), FirstIdAt(newest->at + kIdOverflow))) {
    const auto times = blocks_.ReadTimes(block);
    taken.insert(taken.end(), times.begin(), times.end());
  }
  const auto ids = AllocateHistoricalIds(chunk.visits, chunk.order, taken);
  for (size_t i = 0; i < ids.size(); ++i) chunk.rows[i].id = ids[i];
  std::sort(chunk.rows.begin(), chunk.rows.end(), ById);
  const auto overlapped = blocks_.Find(chunk.rows.front().id, chunk.rows.back().id + 1);
  std::vector<VisitRow> visits;
  for (const Block& block : overlapped) {
    const auto of_block = blocks_.ReadVisits(block);
    visits.insert(visits.end(), of_block.begin(), of_block.end());
  }
  const auto added = visits.insert(visits.end(), chunk.rows.begin(), chunk.rows.end());
  std::inplace_merge(visits.begin(), added, visits.end(), ById);
  const auto blocks = Encode(visits, sealing_.block_visits);
  WriteTransaction transaction(connection_, writer_);
  for (const Block& block : overlapped) blocks_.Delete(block);
  for (const EncodedBlock& block : blocks) blocks_.Add(block);
  log_.AddToTotals(chunk.rows);
  state_.StartNextGeneration();
  transaction.Commit();
}

}  // namespace page_count
