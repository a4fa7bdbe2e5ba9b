#include "worker/store/sqlite/sweeper.h"

#include <algorithm>

namespace page_count {
namespace {

constexpr int64_t kSetVisits = 8'192;    // sorted and counted together: the more, the fewer pages are written for each
constexpr int64_t kFiledAtOnce = 1'024;  // a transaction's
constexpr size_t kCountedAtOnce = 512;   // a transaction's, and as many more as share the last one's key

bool IsComplete(const VisitRow& row) { return row.page != 0 && row.client != 0 && row.agent != 0; }

// Where the piece ends that starts at `first`: never between visits that are counted in the same row.
template <typename Less>
size_t EndOfPiece(std::span<const VisitRow> visits, size_t first, Less less) {
  size_t end = std::min(first + kCountedAtOnce, visits.size());
  while (end < visits.size() && !less(visits[end - 1], visits[end])) ++end;
  return end;
}

}  // namespace

Sweeper::Sweeper(Connection& connection, const WriterLock& writer, Rollups& rollups)
    : connection_(connection),
      writer_(writer),
      rollups_(rollups),
      state_(connection),
      tail_(connection),
      log_(connection),
      visit_range_(connection, "visit_range") {}

bool Sweeper::SweepSet() {
  bool more = true;
  for (int64_t filed = 0; more && filed < kSetVisits; filed += kFiledAtOnce) more = FileSome();
  return CountSet() || more;
}

void Sweeper::SweepAll() {
  const VisitId newest = state_.Read().newest;
  while (SweepSet() && state_.Read().progress.rolled_up < newest) {
  }
  while (CountSet()) {
  }
}

// Nobody else files or takes texts away meanwhile, so what can be looked up before the writer's turn stays true.
bool Sweeper::FileSome() {
  log_.EnterEpoch(state_.Read().epoch);
  const auto visits = tail_.ReadOldest(kFiledAtOnce);
  if (visits.empty()) return false;
  std::vector<VisitRow> rows;
  rows.reserve(visits.size());
  for (const TailVisit& visit : visits) {
    rows.push_back(log_.Find(visit.id, visit.url, visit.ip, visit.user_agent));
  }
  const auto turn = writer_.Take();
  Transaction transaction(connection_, Transaction::Kind::kWrite);
  for (size_t i = 0; i < rows.size(); ++i) {
    if (IsComplete(rows[i])) continue;
    rows[i] = log_.RowOf(visits[i].id, visits[i].url, visits[i].ip, visits[i].user_agent);
  }
  log_.Add(rows);
  tail_.DeleteUpTo(rows.back().id);
  state_.SetFiled(rows.back().id);
  transaction.Commit();
  return static_cast<int64_t>(visits.size()) == kFiledAtOnce;
}

template <typename Less, typename IsCounted, typename Count, typename KeyOf>
void Sweeper::CountPieces(std::vector<VisitRow>& visits, RollupProgress& progress, Less less, IsCounted is_counted,
                          Count count, KeyOf key_of) {
  std::sort(visits.begin(), visits.end(), less);
  const auto first = std::partition_point(visits.begin(), visits.end(), is_counted);
  for (auto next = static_cast<size_t>(first - visits.begin()); next < visits.size();) {
    const size_t end = EndOfPiece(visits, next, less);
    const auto turn = writer_.Take();
    Transaction transaction(connection_, Transaction::Kind::kWrite);
    count(std::span<const VisitRow>(visits).subspan(next, end - next));
    std::tie(progress.page, progress.client) = key_of(end);
    state_.SetProgress(progress);
    transaction.Commit();
    next = end;
  }
}

bool Sweeper::CountSet() {
  const LogState state = state_.Read();
  RollupProgress progress = state.progress;
  const bool unfinished = progress.rolling_up > progress.rolled_up;
  const VisitId before = unfinished ? progress.rolling_up + 1 : kBehindAllVisits;
  auto visits = ReadVisits(visit_range_, progress.rolled_up + 1, before, unfinished ? -1 : kSetVisits);
  if (visits.empty() && !unfinished) return false;
  if (!unfinished) progress = {progress.rolled_up, visits.back().id, 0, 0};

  using Key = std::pair<int64_t, int64_t>;
  CountPieces(
      visits, progress, PageThenClient, [&](const VisitRow& visit) { return progress.CountsForPage(visit); },
      [&](auto piece) { rollups_.CountPages(piece, Rollups::Direction::kAdd); },
      [&](size_t end) { return end < visits.size() ? Key(visits[end].page, visits[end].client) : Key(kSiteComesLast, 0); });
  CountPieces(
      visits, progress, ClientFirst, [&](const VisitRow& visit) { return progress.CountsForSite(visit); },
      [&](auto piece) { rollups_.CountSite(piece, Rollups::Direction::kAdd); },
      [&](size_t end) { return Key(kSiteComesLast, end < visits.size() ? visits[end].client : kSiteComesLast); });

  const auto turn = writer_.Take();
  Transaction transaction(connection_, Transaction::Kind::kWrite);
  state_.SetProgress({progress.rolling_up, progress.rolling_up, 0, 0});
  transaction.Commit();
  return progress.rolling_up < state.filed;
}

void Sweeper::Import(std::span<const LoggedVisit> visits) {
  const LogState state = state_.Read();
  log_.EnterEpoch(state.epoch);
  std::vector<VisitRow> rows;
  VisitId filed = state.filed;
  // What was recorded since SweepAll, too: every visit that is filed must be counted afterwards.
  for (const TailVisit& visit : tail_.ReadOldest(-1)) {
    rows.push_back(log_.RowOf(visit.id, visit.url, visit.ip, visit.user_agent));
    filed = visit.id;
  }
  tail_.DeleteUpTo(filed);
  const auto ids = log_.NumberPast(visits);
  for (size_t i = 0; i < visits.size(); ++i) {
    rows.push_back(log_.RowOf(ids[i], visits[i].url, visits[i].ip, visits[i].user_agent));
    filed = std::max(filed, ids[i]);
  }
  log_.Add(rows);
  rollups_.Count(std::move(rows), Rollups::Direction::kAdd);
  state_.SetFiled(filed);
  state_.SetProgress({filed, filed, 0, 0});
  state_.StartNextEpoch();
  log_.KeepTextsInto(state.epoch + 1);
}

}  // namespace page_count
