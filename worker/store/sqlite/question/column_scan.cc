// How a question is counted.
//
// 1. Without group_by: the selected visits of each block are added up, or the bits of their clients set.
// 2. By one number (grouping.h): each block's visits are counted by code, and added to the counter of the code's key.
// 3. By two numbers: the visits by the first are counted as in 2, which says how much memory each takes; then pairs
//    of the first and the second are counted (pair_table.h), in a pass for as many firsts as fit.
// 4. Visitors: 2 or 3 makes the rows of the result, with their visits; then pairs of a row (row_numbers.h) and a client
//    are counted, in a pass for as many rows as fit. By client, a row has one visitor.
// If the first number is the interval, a pass reads only the blocks of its intervals.

#include "worker/store/sqlite/question/column_scan.h"

#include <algorithm>
#include <bit>
#include <numeric>

#include "worker/store/sqlite/question/code_counts.h"
#include "worker/store/sqlite/question/grouping.h"
#include "worker/store/sqlite/question/pair_table.h"
#include "worker/store/sqlite/question/row_numbers.h"
#include "worker/store/sqlite/question/tail_blocks.h"

namespace page_count {
namespace {

using Range = std::pair<VisitId, VisitId>;

class Counting {
 public:
  Counting(ColumnSource& source, const ScanQuestion& question, std::span<const VisitRow> tail, const TextIds& last_ids)
      : question_(question), sources_{&source, &tail_}, tail_(tail), last_ids_(last_ids) {
    for (const VisitRow& visit : tail) first_client_ = std::min(first_client_, visit.client());
  }

  Groups Run() {
    const bool counts_visits = question_.measure == Question::Measure::kVisits;
    if (question_.group_by.empty()) return {{{}, counts_visits ? CountAllVisits() : CountAllVisitors()}};
    const Grouping grouping(Spaces(), question_.derived.intervals);
    Groups rows = CountVisits(grouping);
    if (!counts_visits) CountVisitors(grouping, rows);
    return rows;
  }

 private:
  // Calls `take(visits)` for each block with the visits of the range that the question is about.
  template <typename Take>
  void ForEachBlock(Range range, Take take) {
    const VisitId from = std::max(range.first, question_.from);
    const VisitId before = std::min(range.second, question_.before);
    for (ColumnSource* source : sources_) {
      for (const Block& block : source->Find(from, before)) {
        BlockVisits visits(*source, block, &question_.derived);
        visits.Select(from, before, question_.filters);
        if (visits.size() > 0) take(visits);
      }
    }
  }
  template <typename Take>
  void ForEachBlock(Take take) {
    ForEachBlock({question_.from, question_.before}, take);
  }

  int64_t CountAllVisits() {
    size_t visits = 0;
    ForEachBlock([&](const BlockVisits& block) { visits += block.size(); });
    return static_cast<int64_t>(visits);
  }

  int64_t CountAllVisitors() {
    std::vector<uint64_t> bits(static_cast<size_t>(Space(Dimension::kClient).count) / 64 + 1);
    const auto set = [&](int64_t client) {
      const auto place = static_cast<size_t>(client - first_client_);
      bits[place / 64] |= uint64_t{1} << place % 64;
    };
    ForEachBlock([&](BlockVisits& visits) {
      const SelectedKeys clients = visits.KeysOf(Dimension::kClient);
      if (visits.is_whole()) {
        for (const int64_t client : clients.keys) set(client);
      } else {
        for (const uint16_t code : clients.codes) set(clients.keys[code]);
      }
    });
    return std::transform_reduce(bits.begin(), bits.end(), int64_t{0}, std::plus(),
                                 [](uint64_t word) { return std::popcount(word); });
  }

  std::vector<KeySpace> Spaces() {
    std::vector<KeySpace> spaces;
    for (const Dimension dimension : question_.group_by) spaces.push_back(Space(dimension));
    return spaces;
  }

  KeySpace Space(Dimension dimension) {
    if (dimension == Dimension::kClient) {
      return {dimension, first_client_, last_ids_[IndexOf(dimension)] - first_client_ + 1};
    }
    if (IsColumn(dimension)) return {dimension, 0, last_ids_[IndexOf(dimension)] + 1};
    if (IsText(dimension)) {
      return {dimension, 0, std::ssize(question_.derived.attributes[IndexOf(dimension)]->values)};
    }
    VisitId first = kAfterAllVisits;
    VisitId last = kNoVisit;
    for (ColumnSource* source : sources_) {
      const auto blocks = source->Find(question_.from, question_.before);
      if (blocks.empty()) continue;
      first = std::min(first, blocks.front().first);
      last = std::max(last, blocks.back().last);
    }
    if (first > last) return {dimension, 0, 0};
    const Intervals& intervals = question_.derived.intervals;
    const int64_t interval = intervals.IndexOf(TimeOf(first));
    return {dimension, interval, intervals.IndexOf(TimeOf(last)) - interval + 1};
  }

  Groups CountVisits(const Grouping& grouping) {
    const std::vector<int64_t> visits = CountFirsts(grouping);
    const auto most = static_cast<int64_t>(grouping.seconds_end());
    Groups rows;
    // No copy while it grows; what is not needed of it is never touched.
    rows.reserve(std::transform_reduce(visits.begin(), visits.end(), size_t{0}, std::plus(),
                                       [most](int64_t count) { return static_cast<size_t>(std::min(count, most)); }));
    if (!grouping.has_second()) {
      for (size_t first = 0; first < visits.size(); ++first) {
        if (visits[first] > 0) rows.push_back(grouping.RowOf(first, 0, visits[first]));
      }
      return rows;
    }
    for (size_t first = 0; first < visits.size();) {
      PairTable pairs(PairTable::Keeps::kCounts, first, grouping.seconds_end());
      while (pairs.groups_end() < visits.size() && pairs.AddGroup(visits[pairs.groups_end()])) {
      }
      ForEachBlock(grouping.RangeOf(first, pairs.groups_end()), [&](BlockVisits& block) {
        const NumberedVisits firsts = grouping.FirstsOf(block);
        if (pairs.HasAnyOf(firsts)) pairs.AddVisits(firsts, grouping.SecondsOf(block));
      });
      for (; first < pairs.groups_end(); ++first) {
        pairs.ForEachCount(first,
                           [&](size_t second, int64_t count) { rows.push_back(grouping.RowOf(first, second, count)); });
      }
    }
    return rows;
  }

  std::vector<int64_t> CountFirsts(const Grouping& grouping) {
    std::vector<int64_t> counts(grouping.firsts_end());
    CodeCounts code_counts;
    ForEachBlock([&](BlockVisits& block) {
      const NumberedVisits firsts = grouping.FirstsOf(block);
      const auto visits = code_counts.Count(firsts.codes, firsts.numbers.size());
      for (size_t code = 0; code < visits.size(); ++code) {
        if (visits[code] > 0) counts[firsts.numbers[code]] += visits[code];
      }
    });
    return counts;
  }

  // `rows` have their visits, and get their visitors.
  void CountVisitors(const Grouping& grouping, Groups& rows) {
    const auto& group_by = question_.group_by;
    if (std::find(group_by.begin(), group_by.end(), Dimension::kClient) != group_by.end()) {
      for (auto& row : rows) row.count = 1;
      return;
    }
    const KeySpace clients = Space(Dimension::kClient);
    RowNumbers row_numbers(grouping, rows);
    for (size_t first = 0; first < rows.size();) {
      PairTable pairs(PairTable::Keeps::kDistinct, first, static_cast<size_t>(clients.count));
      while (pairs.groups_end() < rows.size() && pairs.AddGroup(rows[pairs.groups_end()].count)) {
      }
      const Range range =
          grouping.RangeOf(grouping.FirstOf(rows[first]), grouping.FirstOf(rows[pairs.groups_end() - 1]) + 1);
      ForEachBlock(range, [&](BlockVisits& block) {
        const NumberedVisits groups = row_numbers.Of(block, first, pairs.groups_end());
        if (pairs.HasAnyOf(groups)) pairs.AddVisits(groups, NumberVisits(block, clients));
      });
      for (; first < pairs.groups_end(); ++first) rows[first].count = pairs.CountDistinct(first);
    }
  }

  const ScanQuestion& question_;
  std::array<ColumnSource*, 2> sources_;
  TailBlocks tail_;
  TextIds last_ids_;
  int64_t first_client_ = 0;
};

}  // namespace

Groups ColumnScan::Count(const ScanQuestion& question, std::span<const VisitRow> tail, const TextIds& last_ids) {
  return Counting(source_, question, tail, last_ids).Run();
}

}  // namespace page_count
