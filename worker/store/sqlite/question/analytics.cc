// How an inquiry is answered: exactly, from one snapshot.
//
//   1. All of it is one read transaction. The snapshot holds no lock, but checkpoints cannot pass it.
//   2. LogTailReader reads the rows of the tail; a client without an id gets one below 0 (log_tail.h).
//   3. TotalFigures counts a question over all of time if the pages' totals have what it asks for: their counts, plus
//      the visits that they do not count yet. Otherwise it returns nullopt, and ColumnScan counts any question from the
//      columns of the blocks in its range, and the tail.
//   4. Both return counts by dictionary id. NameFigures reads the texts last, orders, and applies the limit.
//
// So a figure is right whatever the totals have counted: more of them changes its speed, never its value.

#include "worker/store/sqlite/question/analytics.h"

#include <algorithm>

#include "worker/store/sqlite/question/named_figures.h"

namespace page_count {
namespace {

constexpr int64_t kChunkVisits = 2'000;    // of a scan, read in one transaction,
constexpr size_t kChunkBytes = 256 << 10;  // or fewer if their texts are long

VisitScan::Range RangeOf(const ScanRange& scan) {
  VisitScan::Range range{.from = scan.from ? FirstIdAt(*scan.from) : kNoVisit,
                         .before = scan.before ? FirstIdAt(*scan.before) : kAfterAllVisits,
                         .bots = scan.bots,
                         .attributes = scan.attributes,
                         .wants_titles = scan.wants_titles};
  if (!scan.after) return range;
  range.order = VisitScan::Order::kOldestFirst;
  range.from = std::max(range.from, *scan.after + 1);
  if (scan.up_to) range.before = std::min(range.before, *scan.up_to + 1);
  return range;
}

}  // namespace

Analytics::Analytics(Connection& connection, AttributeSource* attributes)
    : connection_(connection),
      tail_reader_(connection),
      texts_(connection),
      attributes_(connection, texts_, attributes),
      lookup_(connection, texts_, attributes),
      filters_(connection, texts_, attributes_),
      blocks_(connection),
      totals_(connection, texts_),
      scan_(blocks_),
      visits_(connection, texts_, lookup_),
      bounds_(connection, kVisitBounds),
      state_(connection) {}

Answers Analytics::Ask(const Inquiry& inquiry) {
  Transaction transaction(connection_, Transaction::Kind::kRead);
  const LogTail tail = tail_reader_.Read();
  texts_.StartSnapshot(tail.new_clients);
  attributes_.StartSnapshot(tail.state.last_ids, tail.new_clients.size());
  totals_.StartSnapshot(tail);
  std::vector<Groups> counted;
  for (const Question& question : inquiry.questions) counted.push_back(Count(question, tail));
  Answers answers;
  answers.figures = NameFigures(inquiry.questions, std::move(counted), texts_, attributes_);
  if (inquiry.newest) answers.newest = ReadNewest(*inquiry.newest);
  Rows bounds = bounds_.Run();
  bounds.Next();
  if (!bounds.IsNull(0)) answers.oldest_and_newest = {TimeOf(bounds.Int(0)), TimeOf(bounds.Int(1))};
  attributes_.EndSnapshot();
  totals_.EndSnapshot();
  EndScan();
  return answers;
}

Groups Analytics::Count(const Question& question, const LogTail& tail) {
  if (question.measure == Question::Measure::kBoth) return CountBoth(question, tail);
  if (auto groups = totals_.Count(question)) return std::move(*groups);
  return scan_.Count(MakeScan(question), tail.visits, tail.state.last_ids);
}

ScanQuestion Analytics::MakeScan(const Question& question) {
  ScanQuestion scan{.from = FirstIdAt(question.range.from),
                    .before = FirstIdAt(question.range.before),
                    .filters = filters_.Read(question),
                    .derived = {.attributes = {}, .intervals = question.intervals},
                    .group_by = question.group_by,
                    .measure = question.measure};
  for (const Dimension dimension : question.group_by) {
    if (IsColumn(dimension) || !IsText(dimension)) continue;
    scan.derived.attributes[IndexOf(dimension)] = &attributes_.Read(dimension);
  }
  return scan;
}

// In one scan, unless totals know both: a group has visits if it has visitors.
Groups Analytics::CountBoth(Question question, const LogTail& tail) {
  question.limit.reset();  // the totals of pages leave out those beyond it
  Question of_totals = question;
  of_totals.measure = Question::Measure::kVisitors;
  auto visitors = totals_.Count(of_totals);
  of_totals.measure = Question::Measure::kVisits;
  auto groups = visitors ? totals_.Count(of_totals) : std::nullopt;
  if (!groups) return scan_.Count(MakeScan(question), tail.visits, tail.state.last_ids);
  const auto by_keys = [](const Figures::Row& left, const Figures::Row& right) { return left.keys < right.keys; };
  for (Groups* some : {&*visitors, &*groups}) {
    if (!std::is_sorted(some->begin(), some->end(), by_keys)) std::sort(some->begin(), some->end(), by_keys);
  }
  for (size_t i = 0; i < groups->size(); ++i) (*groups)[i].visitors = (*visitors)[i].count;
  return *std::move(groups);
}

std::vector<LoggedVisit> Analytics::ReadNewest(const NewestVisits& newest) {
  std::vector<LoggedVisit> visits;
  VisitScan::Range range{
      .from = FirstIdAt(newest.range.from), .before = FirstIdAt(newest.range.before), .bots = newest.bots};
  if (newest.page) {
    range.page = texts_.FindId(Dimension::kPage, *newest.page);
    if (!range.page) return visits;
  }
  if (newest.limit == 0) return visits;
  lookup_.StartSnapshot();
  visits_.Run(range, [&](VisitId, LoggedVisit visit) {
    visits.push_back(std::move(visit));
    return visits.size() < newest.limit;
  });
  return visits;
}

std::vector<LoggedVisit> Analytics::ReadChunk(ScanCursor& cursor) {
  std::vector<LoggedVisit> visits;
  const int64_t wanted = std::min(cursor.left.limit.value_or(kChunkVisits), kChunkVisits);
  VisitScan::Range range = RangeOf(cursor.left);
  if (cursor.mark) (cursor.left.after ? range.from : range.before) = *cursor.mark;
  range.skip = cursor.left.offset;
  range.reads_many = wanted == kChunkVisits;
  Transaction transaction(connection_, Transaction::Kind::kRead);
  texts_.Continue();
  lookup_.StartSnapshot();
  size_t bytes = 0;
  cursor.is_over = wanted == 0 || visits_.Run(range, [&](VisitId id, LoggedVisit visit) {
    cursor.mark = cursor.left.after ? id + 1 : id;
    bytes += visit.url.size() + visit.user_agent.size();
    visits.push_back(std::move(visit));
    return static_cast<int64_t>(visits.size()) < wanted && bytes < kChunkBytes;
  });
  cursor.left.offset = 0;
  if (cursor.left.limit) {
    *cursor.left.limit -= static_cast<int64_t>(visits.size());
    if (*cursor.left.limit == 0) cursor.is_over = true;
  }
  if (cursor.is_over) EndScan();
  return visits;
}

// Keeps the block that it has decoded: a scan of the range comes next.
VisitId Analytics::FindEnd(const ScanRange& scan) {
  if (scan.limit == 0) return *scan.after;
  VisitScan::Range range = RangeOf(scan);
  Transaction transaction(connection_, Transaction::Kind::kRead);
  texts_.Continue();
  lookup_.StartSnapshot();
  VisitId end = std::max(*scan.after, std::min(state_.Read().newest, range.before - 1));
  if (scan.limit) {
    range.skip = scan.offset + *scan.limit - 1;
    visits_.Run(range, [&end](VisitId id, const LoggedVisit&) {
      end = id;
      return false;
    });
  }
  return end;
}

void Analytics::EndScan() {
  texts_.EndSnapshot();
  lookup_.EndSnapshot();
  visits_.ReleaseBlock();
}

}  // namespace page_count
