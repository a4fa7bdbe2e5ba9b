// How a question is counted.
//
// 1. Without group_by: the selected visits of each block are added up, or the bits of their clients set.
// 2. By one number (grouping.h): each block's visits are counted by code, and added to the counter of the code's key.
// 3. By two numbers: the visits by the first are counted as in 2, which says how much memory each takes; then pairs
//    of the first and the second are counted (pair_table.h), in a pass for as many firsts as fit.
// 4. Visitors by one number of which each has many visits: the clients of each number are a set that grows
//    (growing_sets.h), so that its visits need not be counted before; where they are asked for too, beside.
// 5. Visitors otherwise: 2 or 3 makes the rows of the result, with their visits; then pairs of a row (row_numbers.h)
//    and a client are counted, in a pass for as many rows as fit. By client, a row has one visitor.
// If the first number is the interval, a pass reads only the blocks of its intervals.
//
// Each block is decoded and counted by one of several threads (scan_threads.h). In 1 and 2 each thread has counters, or
// bits, of its own, which are added up in the end. In 3 to 5 all add to one table: what takes long, to decode a block
// and to sort its visits, comes before (group_parts.h).

#include "worker/store/sqlite/question/column_scan.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <optional>
#include <utility>

#include "worker/store/sqlite/question/grouping.h"
#include "worker/store/sqlite/question/growing_sets.h"
#include "worker/store/sqlite/question/pair_table.h"
#include "worker/store/sqlite/question/row_numbers.h"
#include "worker/store/sqlite/question/scanned_blocks.h"
#include "worker/store/sqlite/question/value_bits.h"
#include "worker/store/sqlite/question/visits_by_number.h"

namespace page_count {
namespace {

constexpr size_t kMostCounterBytes = 16 << 20;  // of all threads together
constexpr size_t kCountedAPiece = 256;          // groups, of one thread
// Of GrowingSets:
constexpr size_t kSetBytes = 28 << 20;          // of a pass,
constexpr size_t kIntervalSetBytes = 12 << 20;  // or of one by hours, if all are bits
constexpr size_t kLeastSetBytes = 512;
constexpr size_t kMostSets = 1 << 16;      // at eight bytes each, beside
constexpr size_t kMostClients = 16 << 20;  // the bits of one set are a small part of all
constexpr size_t kFewVisitsASet = 64;      // on average; fewer take more than in a PairTable

class Counting {
 public:
  Counting(ColumnSource& source, const ScanThreads& threads, const ScanQuestion& question,
           std::span<const VisitRow> tail, const TextIds& last_ids)
      : question_(question), threads_(threads), blocks_(source, tail, question, threads), last_ids_(last_ids) {
    for (const VisitRow& visit : tail) first_client_ = std::min(first_client_, visit.client());
  }

  Groups Run() {
    const bool counts_visitors = question_.measure != Question::Measure::kVisits;
    if (question_.group_by.empty()) return {counts_visitors ? CountAllVisitors() : CountAllVisits()};
    const Grouping grouping(Spaces(), question_.derived.intervals);
    if (counts_visitors) {
      if (auto rows = CountSets(grouping)) return std::move(*rows);
    }
    Groups rows = CountVisits(grouping);
    if (counts_visitors) CountVisitors(grouping, rows);
    return rows;
  }

 private:
  static constexpr VisitRange kAll{kNoVisit, kAfterAllVisits};
  static constexpr size_t kAnyNumber = SIZE_MAX;  // of threads
  static size_t ThreadsForBytes(size_t bytes) {
    return std::max<size_t>(1, kMostCounterBytes / std::max<size_t>(1, bytes));
  }

  // A row's figures as they are asked for, of those that were counted.
  Figures::Row Asked(Figures::Row row) const {
    return question_.measure == Question::Measure::kVisitors ? Figures::Row{row.keys, row.visitors} : row;
  }

  Figures::Row CountAllVisits() {
    const auto visits =
        blocks_.ForEach(kAll, size_t{0}, 1, [](size_t& count, const BlockVisits& block) { count += block.size(); });
    return {{}, static_cast<int64_t>(visits.front())};
  }

  Figures::Row CountAllVisitors() {
    struct Counts {
      std::vector<uint64_t> clients;
      size_t visits = 0;
    };
    const size_t words = WordsOfBits(static_cast<size_t>(Space(Dimension::kClient).count));
    auto by_thread =
        blocks_.ForEach(kAll, Counts{std::vector<uint64_t>(words)}, ThreadsForBytes(words * sizeof(uint64_t)),
                        [this](Counts& counts, BlockVisits& block) {
                          counts.visits += block.size();
                          SetClients(block, counts.clients);
                        });
    Counts& all = by_thread.front();
    for (size_t i = 1; i < by_thread.size(); ++i) {
      all.visits += by_thread[i].visits;
      std::transform(all.clients.begin(), all.clients.end(), by_thread[i].clients.begin(), all.clients.begin(),
                     std::bit_or());
    }
    return Asked({{}, static_cast<int64_t>(all.visits), CountBits(all.clients)});
  }

  void SetClients(BlockVisits& block, std::vector<uint64_t>& bits) const {
    const SelectedKeys clients = block.KeysOf(Dimension::kClient);
    const auto set = [&](int64_t client) { SetBit(bits, static_cast<size_t>(client - first_client_)); };
    if (block.is_whole()) {
      for (const int64_t client : clients.keys) set(client);
    } else {
      for (const uint16_t code : clients.codes) set(clients.keys[code]);
    }
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
    const auto ends = blocks_.FirstAndLast();
    if (!ends) return {dimension, 0, 0};
    const Intervals& intervals = question_.derived.intervals;
    const int64_t interval = intervals.IndexOf(TimeOf(ends->first));
    return {dimension, interval, intervals.IndexOf(TimeOf(ends->second)) - interval + 1};
  }

  Groups CountVisits(const Grouping& grouping) {
    const std::vector<int64_t> visits = CountFirsts(grouping);
    if (!grouping.has_second()) return RowsOf(grouping, visits);
    const auto most = static_cast<int64_t>(grouping.seconds_end());
    Groups rows;
    // No copy while it grows; what is not needed of it is never touched.
    rows.reserve(std::transform_reduce(visits.begin(), visits.end(), size_t{0}, std::plus(),
                                       [most](int64_t count) { return static_cast<size_t>(std::min(count, most)); }));
    PairTable::Scratch scratch;
    for (size_t first = 0; first < visits.size();) {
      PairTable pairs(PairTable::Keeps::kCounts, first, grouping.seconds_end());
      while (pairs.groups_end() < visits.size() && pairs.AddGroup(visits[pairs.groups_end()])) {
      }
      CountPairs(grouping, pairs, first);
      for (; first < pairs.groups_end(); ++first) {
        pairs.ForEachCount(first, scratch,
                           [&](size_t second, int64_t count) { rows.push_back(grouping.RowOf(first, second, count)); });
      }
    }
    return rows;
  }

  static Groups RowsOf(const Grouping& grouping, const std::vector<int64_t>& counts) {
    Groups rows;
    for (size_t first = 0; first < counts.size(); ++first) {
      if (counts[first] > 0) rows.push_back(grouping.RowOf(first, 0, counts[first]));
    }
    return rows;
  }

  void CountPairs(const Grouping& grouping, PairTable& pairs, size_t first) {
    pairs.Allocate();
    blocks_.ForEach(grouping.RangeOf(first, pairs.groups_end()), PairTable::Scratch(), kAnyNumber,
                    [&](PairTable::Scratch& scratch, BlockVisits& block) {
                      const NumberedVisits firsts = grouping.FirstsOf(block);
                      if (pairs.HasAnyOf(firsts)) pairs.AddVisits(firsts, grouping.SecondsOf(block), scratch);
                    });
  }

  std::vector<int64_t> CountFirsts(const Grouping& grouping) {
    auto by_thread = blocks_.ForEach(
        kAll, VisitsByNumber(0, grouping.firsts_end()), ThreadsForBytes(grouping.firsts_end() * sizeof(int64_t)),
        [&grouping](VisitsByNumber& visits, BlockVisits& block) { visits.Add(grouping.FirstsOf(block)); });
    for (size_t i = 1; i < by_thread.size(); ++i) by_thread.front().Add(by_thread[i]);
    return std::move(by_thread.front().counts());
  }

  // Nullopt if that does not fit the question. A pass may have to leave groups to the next. One of hours begins with no
  // more than have room, as it reads only their blocks.
  std::optional<Groups> CountSets(const Grouping& grouping) {
    const Dimension dimension = question_.group_by.front();
    const auto clients = static_cast<size_t>(Space(Dimension::kClient).count);
    const size_t groups = grouping.firsts_end();
    const size_t most_groups =
        dimension == Dimension::kInterval ? kIntervalSetBytes / (clients / 8 + kLeastSetBytes) : groups;
    const bool is_fit = question_.group_by.size() == 1 && dimension != Dimension::kClient && !grouping.has_second() &&
                        most_groups <= kMostSets && clients <= kMostClients &&
                        blocks_.CountAtMost(kAll) >= kFewVisitsASet * groups;
    if (!is_fit) return std::nullopt;
    Groups counted(groups);
    for (size_t first = 0; first < groups;) {
      const size_t in_pass = std::min(most_groups, groups - first);
      const auto visits = blocks_.CountAtMost(grouping.RangeOf(first, first + in_pass));
      GrowingSets sets(first, in_pass, clients, std::min(kSetBytes, GrowingSets::BytesFor(in_pass, visits)));
      const auto of_groups = AddClients(grouping, sets, first, in_pass);
      const size_t end = sets.groups_end();
      if (end == first) return std::nullopt;
      ForEachInParts(first, end, [&](size_t group, CountingBits& bits) {
        const int64_t visitors = sets.CountDistinct(group, bits);
        counted[group] = grouping.RowOf(group, 0, of_groups.empty() ? visitors : of_groups[group - first]);
        if (!of_groups.empty()) counted[group].visitors = visitors;
      });
      first = end;
    }
    std::erase_if(counted, [](const Figures::Row& row) { return row.count == 0; });
    return counted;
  }

  // Returns the visits of the groups of the pass, if they are asked for.
  std::vector<int64_t> AddClients(const Grouping& grouping, GrowingSets& sets, size_t first, size_t in_pass) {
    struct Scratch {
      VisitsByNumber visits;
      GrowingSets::Scratch sets = {};
    };
    const bool counts_visits = question_.measure == Question::Measure::kBoth;
    const KeySpace clients = Space(Dimension::kClient);
    auto by_thread = blocks_.ForEach(grouping.RangeOf(first, sets.groups_end()),
                                     Scratch{VisitsByNumber(first, counts_visits ? in_pass : 0)}, kAnyNumber,
                                     [&](Scratch& scratch, BlockVisits& block) {
                                       const NumberedVisits firsts = grouping.FirstsOf(block);
                                       if (counts_visits) scratch.visits.Add(firsts);
                                       sets.AddVisits(firsts, NumberVisits(block, clients), scratch.sets);
                                     });
    for (size_t i = 1; i < by_thread.size(); ++i) by_thread.front().visits.Add(by_thread[i].visits);
    return std::move(by_thread.front().visits.counts());
  }

  // `rows` have their visits, and get their visitors.
  void CountVisitors(const Grouping& grouping, Groups& rows) {
    const auto& group_by = question_.group_by;
    if (std::find(group_by.begin(), group_by.end(), Dimension::kClient) != group_by.end()) {
      for (auto& row : rows) row = Asked({row.keys, row.count, 1});
      return;
    }
    const KeySpace clients = Space(Dimension::kClient);
    const RowNumbers row_numbers(grouping, rows);
    for (size_t first = 0; first < rows.size();) {
      PairTable pairs(PairTable::Keeps::kDistinct, first, static_cast<size_t>(clients.count));
      while (pairs.groups_end() < rows.size() && pairs.AddGroup(rows[pairs.groups_end()].count)) {
      }
      CountClients(row_numbers, first, pairs);
      const size_t end = pairs.groups_end();
      ForEachInParts(first, end, [&](size_t row, CountingBits& bits) {
        rows[row] = Asked({rows[row].keys, rows[row].count, pairs.CountDistinct(row, bits)});
      });
      first = end;
    }
  }

  using CountingBits = std::vector<uint64_t>;
  // Calls `count(number, bits)` for each number from `first` on and before `end`, spread over the threads.
  template <typename Count>
  void ForEachInParts(size_t first, size_t end, Count count) {
    threads_.ForEach((end - first) / kCountedAPiece + 1, CountingBits(), [&](CountingBits& bits, size_t piece) {
      const size_t begin = first + piece * kCountedAPiece;
      for (size_t i = begin; i < std::min(begin + kCountedAPiece, end); ++i) count(i, bits);
    });
  }

  void CountClients(const RowNumbers& row_numbers, size_t first, PairTable& pairs) {
    struct Scratch {
      RowNumbers::Scratch rows = {};
      PairTable::Scratch pairs = {};
    };
    pairs.Allocate();
    const KeySpace clients = Space(Dimension::kClient);
    blocks_.ForEach(row_numbers.RangeOf(first, pairs.groups_end()), Scratch(), kAnyNumber,
                    [&](Scratch& scratch, BlockVisits& block) {
                      const NumberedVisits groups = row_numbers.Of(block, first, pairs.groups_end(), scratch.rows);
                      if (pairs.HasAnyOf(groups)) pairs.AddVisits(groups, NumberVisits(block, clients), scratch.pairs);
                    });
  }

  const ScanQuestion& question_;
  const ScanThreads& threads_;
  ScannedBlocks blocks_;
  TextIds last_ids_;
  int64_t first_client_ = 0;
};

}  // namespace

Groups ColumnScan::Count(const ScanQuestion& question, std::span<const VisitRow> tail, const TextIds& last_ids) {
  return Counting(source_, threads_, question, tail, last_ids).Run();
}

}  // namespace page_count
