#include "worker/store/sqlite/question/visits_cursor.h"

#include <algorithm>

#include "worker/store/sqlite/log/client_address.h"
#include "worker/store/sqlite/log/text_statements.h"
#include "worker/store/sqlite/log/visit_log.h"

namespace page_count {
namespace {

constexpr size_t kTailPiece = 1'024;  // visits

std::string AsItIs(std::string_view text) { return std::string(text); }

}  // namespace

VisitsStatements::VisitsStatements(DatabaseHandle& database)
    : blocks(database),
      state(database),
      marks(database, "database_marks() -> application_id, user_version"),
      tail_oldest(database, kVisitRange),
      tail_newest(database, "visit_newest(from_id, before_id) -> id, page_id, agent_id, source_id, ip"),
      url(database, StatementsOf(Dimension::kPage).text),
      address(database, StatementsOf(Dimension::kClient).text),
      agent(database, StatementsOf(Dimension::kAgent).text) {}

VisitsCursor::VisitsCursor(VisitsStatements& statements, ColumnSource& blocks)
    : statements_(statements),
      source_(blocks),
      urls_(statements.url, AsItIs),
      addresses_(statements.address, UnpackAddress),
      agents_(statements.agent, AsItIs) {}

void VisitsCursor::Start(const IdRange& range, Order order) {
  order_ = order;
  range_ = range;
  tail_range_ = range;
  tail_range_.from = std::max(range.from, statements_.state.Read().sealed_watermark + 1);
  blocks_.clear();
  if (!range.empty()) blocks_ = source_.Find(range.from, range.before);
  if (IsNewestFirst()) std::reverse(blocks_.begin(), blocks_.end());
  next_block_ = 0;
  tail_.clear();
  if (IsNewestFirst()) ReadTail();
  if (tail_.empty()) {
    OpenNextBlock();
  } else {
    block_.reset();
  }
}

void VisitsCursor::Next() {
  const size_t visits = block_ ? end_ - begin_ : tail_.size();
  if (++at_ < visits) return;
  if (block_) {
    OpenNextBlock();
    return;
  }
  ReadTail();
  if (tail_.empty() && IsNewestFirst()) OpenNextBlock();
}

void VisitsCursor::OpenNextBlock() {
  for (; next_block_ < blocks_.size(); ++next_block_) {
    Enter(blocks_[next_block_]);
    if (begin_ == end_) continue;
    ++next_block_;
    return;
  }
  block_.reset();
  if (!IsNewestFirst()) ReadTail();
}

// A statement that looks visits up one after the other comes back to the same block.
void VisitsCursor::Enter(const Block& block) {
  at_ = 0;
  if (!block_ || block_->block.id != block.id) {
    block_.reset();
    block_ = std::make_unique<OpenBlock>(source_, block);
  }
  begin_ = 0;
  end_ = static_cast<size_t>(block.visits);
  if (block.first >= range_.from && block.last < range_.before) return;
  const auto& times = block_->visits.Times();
  begin_ = static_cast<size_t>(std::lower_bound(times.begin(), times.end(), range_.from) - times.begin());
  end_ = static_cast<size_t>(std::lower_bound(times.begin(), times.end(), range_.before) - times.begin());
}

void VisitsCursor::ReadTail() {
  tail_.clear();
  at_ = 0;
  if (tail_range_.empty()) return;
  Rows rows = IsNewestFirst() ? statements_.tail_newest.Run(tail_range_.from, tail_range_.before)
                              : statements_.tail_oldest.Run(tail_range_.from, tail_range_.before, int64_t{kTailPiece});
  while (tail_.size() < kTailPiece && rows.Next()) {
    tail_.push_back({rows.Int(0), rows.Int(1), rows.Int(2), std::string(rows.Bytes(4))});
  }
  if (tail_.size() < kTailPiece) {
    tail_range_.Clear();
  } else if (IsNewestFirst()) {
    tail_range_.before = tail_.back().id;
  } else {
    tail_range_.from = tail_.back().id + 1;
  }
}

VisitId VisitsCursor::Id() {
  if (!block_) return tail_[at_].id;
  return block_->visits.Times()[IsNewestFirst() ? end_ - 1 - at_ : begin_ + at_];
}

int64_t VisitsCursor::TextId(Dimension column) {
  return block_->visits.Column(column).IdOf(IsNewestFirst() ? end_ - 1 - at_ : begin_ + at_);
}

const std::string& VisitsCursor::Url() { return urls_.Read(block_ ? TextId(Dimension::kPage) : tail_[at_].page); }

const std::string& VisitsCursor::Address() {
  return block_ ? addresses_.Read(TextId(Dimension::kClient)) : tail_[at_].ip;
}

const std::string& VisitsCursor::Agent() { return agents_.Read(block_ ? TextId(Dimension::kAgent) : tail_[at_].agent); }

}  // namespace page_count
