// How visits are deleted. All of it under the maintenance lock, each step a short write transaction.
//
//   a. A block: take its visits in the range out of the totals of their pages, delete the block, write the visits that
//      are left as another one. The first one also empties the sets of clients: figures are exact from the blocks,
//      until the sets are counted again.                        Dead before the commit: nothing of it; after it: all of
//      it.
//   b. The totals of pages without a visit, then texts that no block and no row of the tail refers to, a thousand at a
//      time.                                              Dead: texts that no visit refers to; the next cleanup finds
//      them.
// Each transaction starts the next generation, so what workers remember of texts and totals is void.

#include "worker/store/sqlite/columns/pruner.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "worker/store/sqlite/engine/write_transaction.h"
#include "worker/store/sqlite/log/visit_log.h"

namespace page_count {
namespace {

constexpr size_t kDeletedAtOnce = 1'024;  // texts, a transaction's

struct TextId {
  static constexpr size_t kIntegers = 1;

  int64_t id;
};

}  // namespace

Pruner::Pruner(Connection& connection, const DatabaseLock& writer, ClientCounter& counter,
               std::function<void()> between)
    : connection_(connection),
      writer_(writer),
      counter_(counter),
      between_(std::move(between)),
      state_(connection),
      blocks_(connection),
      visit_range_(connection, kVisitRange),
      count_(connection, kVisitCount),
      delete_from_(connection, "visit_delete_from(from_id)"),
      last_visit_(connection, "visit_last() -> last_id"),
      totals_(connection),
      delete_empty_totals_(connection, "page_total_delete_empty()"),
      texts_(ForEachColumn([&](Dimension column) { return TextTable(connection, column); })),
      delete_titles_(connection, "page_title_delete(rows(id))"),
      attributes_(connection) {}

Pruner::TextTable::TextTable(Connection& connection, Dimension column)
    : read_ids(connection, StatementsOf(column).ids), delete_ids(connection, StatementsOf(column).delete_ids) {}

int64_t Pruner::DeleteSealed(VisitId from, VisitId before) {
  int64_t deleted = 0;
  for (const Block& block : blocks_.Find(from, before)) deleted += DeleteFrom(block, from, before);
  return deleted;
}

int64_t Pruner::DeleteFrom(const Block& block, VisitId from, VisitId before) {
  auto left = blocks_.ReadVisits(block);
  std::vector<int64_t> pages;  // of those that are deleted
  std::erase_if(left, [&](const VisitRow& visit) {
    const bool is_deleted = visit.id >= from && visit.id < before;
    if (is_deleted) pages.push_back(visit.page());
    return is_deleted;
  });
  const int64_t deleted = block.visits - static_cast<int64_t>(left.size());
  if (deleted == 0) return 0;
  const auto rest = left.empty() ? std::nullopt : std::optional(BlockTable::Encode(left));
  {
    WriteTransaction transaction(connection_, writer_);
    if (state_.Read().clients.clients_target != kNoVisit) counter_.StartOver();
    totals_.Subtract(std::move(pages));
    blocks_.Delete(block);
    if (rest) blocks_.Add(*rest);
    state_.StartNextGeneration();
    transaction.Commit();
  }
  between_();
  return deleted;
}

int64_t Pruner::DeleteTail(VisitId from) {
  int64_t deleted = 0;
  {
    WriteTransaction transaction(connection_, writer_);
    LogState state = state_.Read();
    deleted = count_.ReadInt(std::max(from - 1, state.sealed_watermark), kAfterAllVisits);
    delete_from_.Execute(from);
    const VisitId newest = last_visit_.ReadInt();
    if (state.sealed_watermark > newest) state_.SetSealed(newest);
    if (state.clients.clients_target > newest) counter_.StartOver();
    state_.StartNextGeneration();
    transaction.Commit();
  }
  between_();
  return deleted;
}

void Pruner::DeleteTexts() {
  InUse in_use = FindInUse();
  {
    WriteTransaction transaction(connection_, writer_);
    delete_empty_totals_.Execute();
    state_.StartNextGeneration();
    transaction.Commit();
  }
  between_();
  for (const Dimension column : kAllColumns) DeleteUnused(column, in_use);
}

Pruner::InUse Pruner::FindInUse() {
  InUse in_use;
  in_use.up_to = state_.Read().sealed_watermark;
  for (const Block& block : blocks_.Find(kNoVisit, kAfterAllVisits)) {
    for (const Dimension column : kAllColumns) {
      const auto occur = blocks_.ReadColumn(block, column).ids;
      in_use.ids[IndexOf(column)].insert(occur.begin(), occur.end());
    }
  }
  return in_use;
}

// Reads what was recorded since the last time, however much that is: nobody records meanwhile.
void Pruner::NoteTail(InUse& in_use) {
  for (const VisitRow& visit : ReadTail(visit_range_, in_use.up_to + 1, kAfterAllVisits, -1).rows) {
    in_use.up_to = visit.id;
    for (const Dimension column : kAllColumns) {
      if (column != Dimension::kClient) in_use.ids[IndexOf(column)].insert(visit.texts[IndexOf(column)]);
    }
  }
}

void Pruner::DeleteUnused(Dimension column, InUse& in_use) {
  TextTable& table = texts_[IndexOf(column)];
  const Ids& used = in_use.ids[IndexOf(column)];
  std::vector<TextId> unused;
  {
    Rows rows = table.read_ids.Run();
    while (rows.Next()) {
      if (!used.contains(rows.Int(0))) unused.push_back({rows.Int(0)});
    }
  }
  if (!unused.empty() && (column == Dimension::kPage || column == Dimension::kSource)) DeleteAttributes(column);
  for (size_t first = 0; first < unused.size(); first += kDeletedAtOnce) {
    std::vector<TextId> some(
        unused.begin() + static_cast<std::ptrdiff_t>(first),
        unused.begin() + static_cast<std::ptrdiff_t>(std::min(first + kDeletedAtOnce, unused.size())));
    {
      WriteTransaction transaction(connection_, writer_);
      NoteTail(in_use);
      std::erase_if(some, [&](const TextId& text) { return used.contains(text.id); });
      table.delete_ids.Execute(ArrayRows(some));
      if (column == Dimension::kPage) delete_titles_.Execute(ArrayRows(some));
      state_.StartNextGeneration();
      transaction.Commit();
    }
    between_();
  }
}

void Pruner::DeleteAttributes(Dimension column) {
  {
    WriteTransaction transaction(connection_, writer_);
    attributes_.Clear(column);
    transaction.Commit();
  }
  between_();
}

}  // namespace page_count
