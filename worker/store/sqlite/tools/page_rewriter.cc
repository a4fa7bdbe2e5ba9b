// How pages become others. All of it under the maintenance lock, each step a short write transaction; workers record
// meanwhile, by these rules or by others.
//
//   a. Seal the tail, so that nearly all visits are in blocks.
//   b. Add the URLs that pages are to have and no page has yet, and the sources. Dead: texts that no visit refers to;
//   found the next
//      time.
//   c. A block: the visits with other pages are written as another one in its place, and their numbers go from the old
//      pages' totals to the new ones'. The first one also empties the sets of clients: figures are exact from the
//      blocks, until the sets are counted again.
//      Dead before the commit: nothing of it; after it: all of it. Visits of one page are under two URLs then, until
//      rewriting is begun again.
//   d. The tail's visits get their pages, and the old pages, which neither a block nor the tail refers to now, go with
//      their totals, a thousand at a time. Each of these transactions moves what was recorded since the one before.
//      Dead: as in c.
// A page is never given another URL: what a worker or an export remembers of an id cannot come to mean something else.
// Each transaction that moves visits or deletes texts starts the next generation, so what workers remember of texts and
// totals is void.

#include "worker/store/sqlite/tools/page_rewriter.h"

#include <algorithm>
#include <span>
#include <unordered_set>
#include <utility>

#include "worker/store/sqlite/engine/write_transaction.h"
#include "worker/store/sqlite/log/text_statements.h"

namespace page_count {
namespace {

constexpr size_t kDeletedAtOnce = 1'024;  // texts, a transaction's
constexpr size_t kExamples = 10;
// How often the tail is sealed and the blocks are looked at, until little is left of what workers record meanwhile.
constexpr int kRounds = 3;
constexpr int64_t kNoSource = 0;

struct MovedVisit {
  static constexpr size_t kIntegers = 3;

  VisitId id;
  int64_t page_id;
  int64_t source_id;
};

struct MovedPage {
  static constexpr size_t kIntegers = 2;

  int64_t id;
  int64_t to_id;
};

void KeepLargest(std::vector<PageRewrite::Move>& examples) {
  std::stable_sort(examples.begin(), examples.end(), [](const PageRewrite::Move& left, const PageRewrite::Move& right) {
    return left.visits > right.visits;
  });
  if (examples.size() > kExamples) examples.resize(kExamples);
}

void Note(PageRewrite::Move move, PageRewrite& sum) {
  ++sum.moved_pages;
  sum.moved_visits += move.visits;
  sum.examples.push_back(std::move(move));
  if (sum.examples.size() > 100 * kExamples) KeepLargest(sum.examples);
}

}  // namespace

PageRewriter::PageRewriter(Connection& connection, const DatabaseLock& writer, Sealer& sealer, ClientCounter& counter,
                           std::function<void()> between)
    : connection_(connection),
      writer_(writer),
      sealer_(sealer),
      counter_(counter),
      between_(std::move(between)),
      state_(connection),
      log_(connection),
      blocks_(connection),
      pages_(connection, StatementsOf(Dimension::kPage).range),
      total_table_(connection),
      totals_(connection, "page_total_read() -> page_id, visits, clients"),
      tail_pages_(connection, "visit_pages_after(after_id) -> id, page_id"),
      tail_(connection, kVisitRange),
      set_page_(connection, "visit_set_page(rows(id, page_id, source_id))"),
      delete_empty_totals_(connection, "page_total_delete_empty()"),
      move_titles_(connection, "page_title_move(rows(id, to_id))"),
      delete_titles_(connection, "page_title_delete(rows(id))"),
      delete_pages_(connection, StatementsOf(Dimension::kPage).delete_ids) {}

size_t PageRewriter::Texts::PlaceOf(const std::string& text) {
  const auto [place, is_new] = places.try_emplace(text, texts.size());
  if (is_new) texts.push_back(text);
  return place->second;
}

void PageRewriter::Moves::Apply(VisitRow& visit) const {
  const Move& move = pages.at(visit.page());
  visit.texts[IndexOf(Dimension::kPage)] = urls.ids[move.url];
  int64_t& source = visit.texts[IndexOf(Dimension::kSource)];
  if (source == kNoSource) source = sources.ids[move.source];
}

PageRewrite PageRewriter::Plan(const PageOf& page_of) {
  const Transaction snapshot(connection_, Transaction::Kind::kRead);
  return FindMoves(page_of).sum;
}

PageRewrite PageRewriter::Rewrite(const PageOf& page_of) {
  sealer_.SealAll();
  Moves moves;
  {
    const Transaction snapshot(connection_, Transaction::Kind::kRead);
    moves = FindMoves(page_of);
  }
  if (moves.pages.empty()) return moves.sum;
  AddTexts(moves);
  for (int round = 0; MoveBlocks(moves) && round < kRounds; ++round) sealer_.SealAll();
  DeleteMoved(moves);
  return moves.sum;
}

std::unordered_map<int64_t, int64_t> PageRewriter::CountVisits() {
  std::unordered_map<int64_t, int64_t> visits;
  {
    Rows totals = totals_.Run();
    while (totals.Next()) {
      if (totals.Int(0) != kSitePage && totals.Int(1) > 0) visits[totals.Int(0)] = totals.Int(1);
    }
  }
  Rows tail = tail_pages_.Run(state_.Read().sealed_watermark);
  while (tail.Next()) ++visits[tail.Int(1)];
  return visits;
}

// Pages without a visit move too, which is to say that they go.
PageRewriter::Moves PageRewriter::FindMoves(const PageOf& page_of) {
  const auto visits = CountVisits();
  Moves moves;
  moves.sources.PlaceOf("");                // comes first, and has no id
  std::unordered_set<std::string> visited;  // as pages are afterwards
  Rows pages = pages_.Run(int64_t{0}, state_.Read().last_ids[IndexOf(Dimension::kPage)] + 1);
  while (pages.Next()) {
    const int64_t page = pages.Int(0);
    PageRewrite::Move move{.from = std::string(pages.Bytes(1)), .to = {}};
    const RewrittenPage rewritten = page_of(move.from);
    move.to = rewritten.url;
    if (const auto counted = visits.find(page); counted != visits.end()) {
      move.visits = counted->second;
      ++moves.sum.pages_before;
      visited.insert(move.to);
    }
    if (move.to == move.from) continue;
    moves.pages.emplace(page, Move{moves.urls.PlaceOf(rewritten.url), moves.sources.PlaceOf(rewritten.source)});
    if (move.visits > 0) Note(std::move(move), moves.sum);
  }
  KeepLargest(moves.sum.examples);
  moves.sum.pages_after = static_cast<int64_t>(visited.size());
  return moves;
}

// The first source is none. The rows stand for no visits: each has one of the URLs, and one of the sources.
void PageRewriter::AddTexts(Moves& moves) {
  const auto sources = std::span<const std::string>(moves.sources.texts).subspan(1);
  std::vector<VisitRow> rows(std::max(moves.urls.texts.size(), sources.size()));
  PendingIds pending;
  {
    const Transaction snapshot(connection_, Transaction::Kind::kRead);
    log_.InvalidateIfNewer(state_.Read().generation);
    log_.Find(Dimension::kPage, std::vector<std::string_view>(moves.urls.texts.begin(), moves.urls.texts.end()), rows,
              pending);
    log_.Find(Dimension::kSource, std::vector<std::string_view>(sources.begin(), sources.end()), rows, pending);
  }
  while (pending.HasMissing()) {
    {
      WriteTransaction transaction(connection_, writer_);
      log_.AddTexts(pending);
      transaction.Commit();
    }
    between_();
  }
  VisitLog::AssignIds(pending, rows);
  moves.sources.ids.push_back(kNoSource);
  for (const VisitRow& row : rows) {
    moves.urls.ids.push_back(row.page());
    moves.sources.ids.push_back(row.texts[IndexOf(Dimension::kSource)]);
  }
}

bool PageRewriter::MoveBlocks(const Moves& moves) {
  bool has_moved = false;
  for (const Block& block : blocks_.Find(kNoVisit, kAfterAllVisits)) has_moved = MoveBlock(block, moves) || has_moved;
  return has_moved;
}

bool PageRewriter::MoveBlock(const Block& block, const Moves& moves) {
  const auto pages = blocks_.ReadColumn(block, Dimension::kPage).ids;
  if (std::none_of(pages.begin(), pages.end(), [&](int64_t page) { return moves.Has(page); })) return false;
  auto visits = blocks_.ReadVisits(block);
  std::vector<int64_t> old_pages;  // of the visits that move
  std::vector<int64_t> new_pages;
  for (VisitRow& visit : visits) {
    if (!moves.Has(visit.page())) continue;
    old_pages.push_back(visit.page());
    moves.Apply(visit);
    new_pages.push_back(visit.page());
  }
  const EncodedBlock rewritten = BlockTable::Encode(visits);
  {
    WriteTransaction transaction(connection_, writer_);
    if (state_.Read().clients.clients_target != kNoVisit) counter_.StartOver();
    total_table_.Subtract(std::move(old_pages));
    total_table_.Add(std::move(new_pages));
    blocks_.Delete(block);
    blocks_.Add(rewritten);
    state_.StartNextGeneration();
    transaction.Commit();
  }
  between_();
  return true;
}

void PageRewriter::MoveTail(const Moves& moves, VisitId& seen) {
  std::vector<MovedVisit> moved;
  for (VisitRow& visit : ReadTail(tail_, seen + 1, kAfterAllVisits, -1).rows) {
    seen = visit.id;
    if (!moves.Has(visit.page())) continue;
    moves.Apply(visit);
    moved.push_back({visit.id, visit.page(), visit.texts[IndexOf(Dimension::kSource)]});
  }
  if (!moved.empty()) set_page_.Execute(ArrayRows(moved));
}

void PageRewriter::DeleteMoved(const Moves& moves) {
  VisitId seen = state_.Read().sealed_watermark;
  std::vector<MovedPage> pages;
  pages.reserve(moves.pages.size());
  for (const auto& [page, move] : moves.pages) pages.push_back({page, moves.urls.ids[move.url]});
  for (size_t first = 0; first < pages.size(); first += kDeletedAtOnce) {
    const auto some = std::span(pages).subspan(first, std::min(kDeletedAtOnce, pages.size() - first));
    {
      WriteTransaction transaction(connection_, writer_);
      MoveTail(moves, seen);
      if (first == 0) delete_empty_totals_.Execute();
      move_titles_.Execute(ArrayRows(some));
      delete_titles_.Execute(ArrayRows(some));
      delete_pages_.Execute(ArrayRows(some));
      state_.StartNextGeneration();
      transaction.Commit();
    }
    between_();
  }
}

}  // namespace page_count
