#include "worker/store/sqlite/tools/importer.h"

#include <algorithm>

#include "worker/store/sqlite/engine/write_transaction.h"

namespace page_count {
namespace {

bool ByTime(const LoggedVisit& left, const LoggedVisit& right) { return left.at < right.at; }

}  // namespace

Importer::Importer(Connection& connection, const DatabaseLock& writer, Rollups& rollups)
    : connection_(connection),
      writer_(writer),
      rollups_(rollups),
      state_(connection),
      visit_range_(connection, kVisitRange),
      log_(connection),
      pending_clients_(connection) {}

Importer::Chunk Importer::Resolve(std::vector<LoggedVisit> visits, VisitOrder order) {
  Chunk chunk{std::move(visits), order, {}};
  std::vector<VisitTexts> texts;
  texts.reserve(chunk.visits.size());
  for (const LoggedVisit& visit : chunk.visits) texts.push_back({kNoVisit, visit.url, visit.ip, visit.user_agent});
  PendingIds pending;
  {
    Transaction snapshot(connection_, Transaction::Kind::kRead);
    log_.AdoptGeneration(state_.Read().generation);  // the maintenance lock is held: no text was taken away
    pending = log_.FindTexts(texts, chunk.rows);
    log_.FindClients(texts, chunk.rows, pending);
  }
  while (pending.HasMissing()) {
    WriteTransaction transaction(connection_, writer_);
    log_.AddTexts(pending);
    transaction.Commit();
  }
  VisitLog::AssignIds(pending, chunk.rows);
  return chunk;
}

void Importer::CountUpTo(const Chunk& chunk) {
  const UtcTime newest = std::max_element(chunk.visits.begin(), chunk.visits.end(), ByTime)->at;
  WriteTransaction transaction(connection_, writer_);
  const LogState state = state_.Read();
  log_.InvalidateIfNewer(state.generation);
  auto resolution = pending_clients_.FindUpTo(state.newest, log_);
  while (resolution.pending.HasMissing()) log_.AddTexts(resolution.pending);
  while (!resolution.IsWritten()) pending_clients_.WriteSome(resolution);
  auto tail = ReadVisits(visit_range_, state.progress.rollup_watermark + 1, kAfterAllVisits, -1);
  const auto untotalled =
      std::find_if(tail.begin(), tail.end(), [&](const VisitRow& visit) { return visit.id > state.totals_watermark; });
  log_.AddToTotals({untotalled, tail.end()});
  rollups_.Write(rollups_.PlanAll(std::move(tail), Rollups::Direction::kAdd));
  const VisitId counted = std::max(state.newest, FirstIdAt(newest + VisitLog::kOverflow) - 1);
  state_.SetTotalsWatermark(counted);
  state_.SetProgress({counted, counted, 0, 0});
  transaction.Commit();
}

// Under the maintenance lock nobody else gives out ids in the past, counts or deletes: all is planned before the write
// lock.
void Importer::Add(Chunk& chunk) {
  Rollups::Plan plan;
  {
    Transaction snapshot(connection_, Transaction::Kind::kRead);
    const auto ids = log_.AllocateHistoricalIds(chunk.visits, chunk.order);
    for (size_t i = 0; i < ids.size(); ++i) chunk.rows[i].id = ids[i];
    plan = rollups_.PlanAll(chunk.rows, Rollups::Direction::kAdd);
  }
  std::sort(chunk.rows.begin(), chunk.rows.end(), InOrderOfTime);
  WriteTransaction transaction(connection_, writer_);
  log_.Add(chunk.rows);
  log_.AddToTotals(chunk.rows);
  rollups_.Write(plan);
  state_.StartNextGeneration();
  transaction.Commit();
}

}  // namespace page_count
