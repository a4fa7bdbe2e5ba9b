// How a question is counted: each visit has the number of its group (grouping.h), and an array by that number counts.
//
// Visits are counted in one pass. Visitors need each pair of group and client once: as a bitmap of clients for each
// group if these are small enough together, and else by a counting sort: the first pass counts each group's visits;
// then as many groups as fit are taken in a pass, their visits' clients are put side by side, and one bitmap, emptied
// from group to group, tells the distinct ones.

#include "worker/store/sqlite/question/column_scan.h"

#include <algorithm>
#include <bit>
#include <numeric>

#include "worker/store/sqlite/question/grouping.h"

namespace page_count {
namespace {

constexpr size_t kMostBitmapBytes = 16 << 20;
constexpr size_t kSortedTogether = 4 << 20;  // clients of visits, four bytes each

class Counting {
 public:
  Counting(ColumnSource& source, const ScanQuestion& question, std::span<const VisitRow> tail,
           const LastTextIds& last_ids)
      : source_(source),
        question_(question),
        blocks_(source.Find(question.from, question.before)),
        tail_(SelectTail(tail)),
        first_client_(FirstClient()),
        clients_(static_cast<size_t>(last_ids.client - first_client_ + 1)),
        grouping_(question.group_by, KeysOfDimensions(last_ids)) {}

  Groups Run() {
    if (question_.measure == Question::Measure::kVisits) {
      CountVisits();
    } else if (!TryCountByBitmaps()) {
      CountVisits();
      CountBySorting();
    }
    Groups groups;
    for (size_t group = 0; group < counts_.size(); ++group) {
      if (counts_[group] > 0 || question_.group_by.empty()) groups.push_back({grouping_.KeysOf(group), counts_[group]});
    }
    return groups;
  }

 private:
  std::vector<VisitRow> SelectTail(std::span<const VisitRow> tail) const {
    std::vector<VisitRow> selected;
    const auto has = [this](Dimension column, int64_t id) {
      const auto& wanted = question_.filters[IndexOf(column)];
      return !wanted || std::find(wanted->begin(), wanted->end(), id) != wanted->end();
    };
    std::copy_if(tail.begin(), tail.end(), std::back_inserter(selected), [&](const VisitRow& visit) {
      return visit.id >= question_.from && visit.id < question_.before && has(Dimension::kPage, visit.page) &&
             has(Dimension::kClient, visit.client) && has(Dimension::kAgent, visit.agent);
    });
    return selected;
  }

  int64_t FirstClient() const {
    int64_t first = 0;
    for (const VisitRow& visit : tail_) first = std::min(first, visit.client);
    return first;
  }

  std::vector<Grouping::Keys> KeysOfDimensions(const LastTextIds& last_ids) const {
    std::vector<Grouping::Keys> keys;
    for (const Dimension dimension : question_.group_by) {
      switch (dimension) {
        case Dimension::kPage:
          keys.push_back({0, last_ids.page + 1});
          break;
        case Dimension::kClient:
          keys.push_back({first_client_, last_ids.client - first_client_ + 1});
          break;
        case Dimension::kAgent:
          keys.push_back({0, last_ids.agent + 1});
          break;
        case Dimension::kHour:
          keys.push_back(Hours());
          break;
      }
    }
    return keys;
  }

  Grouping::Keys Hours() const {
    VisitId first = kAfterAllVisits;
    VisitId last = kNoVisit;
    const auto note = [&](VisitId oldest, VisitId newest) {
      first = std::min(first, std::max(oldest, question_.from));
      last = std::max(last, std::min(newest, question_.before - 1));
    };
    if (!blocks_.empty()) note(blocks_.front().first, blocks_.back().last);
    if (!tail_.empty()) note(tail_.front().id, tail_.back().id);
    if (first > last) return {};
    const Hour hour = HourOf(TimeOf(first));
    return {hour, HourOf(TimeOf(last)) - hour + 1};
  }

  // Calls `take(visits)` for each block with the visits that the question is about.
  template <typename Take>
  void ForEachBlock(Take take) {
    for (const Block& block : blocks_) {
      BlockVisits visits(source_, block);
      visits.Select(question_.from, question_.before, question_.filters);
      if (visits.size() > 0) take(visits);
    }
  }

  const std::vector<uint32_t>& NumbersOf(BlockVisits& visits) {
    numbers_.clear();
    grouping_.Number(visits, numbers_);
    return numbers_;
  }

  void CountVisits() {
    counts_.assign(grouping_.size(), 0);
    const auto count = [this](uint32_t group) {
      if (group >= counts_.size()) counts_.resize(std::max(2 * counts_.size(), size_t{group} + 1));
      ++counts_[group];
    };
    if (question_.group_by.empty()) {
      ForEachBlock([this](const BlockVisits& visits) { counts_[0] += static_cast<int64_t>(visits.size()); });
    } else {
      ForEachBlock([&](BlockVisits& visits) {
        for (const uint32_t group : NumbersOf(visits)) count(group);
      });
    }
    for (const VisitRow& visit : tail_) count(question_.group_by.empty() ? 0 : grouping_.NumberOf(visit));
  }

  uint32_t PlaceOf(int64_t client) const { return static_cast<uint32_t>(client - first_client_); }

  std::vector<uint32_t> PlacesOf(const CodeColumn& clients) const {
    std::vector<uint32_t> places(clients.ids.size());
    std::transform(clients.ids.begin(), clients.ids.end(), places.begin(), [this](int64_t id) { return PlaceOf(id); });
    return places;
  }

  // False if there are too many groups for a bitmap each.
  bool TryCountByBitmaps() {
    const size_t words = clients_ / 64 + 1;
    const size_t groups = grouping_.size();
    if (!grouping_.is_dense() || groups > kMostBitmapBytes / 8 / words) return false;
    std::vector<uint64_t> bits(groups * words);
    const auto set = [&](size_t group, uint32_t place) {
      bits[group * words + place / 64] |= uint64_t{1} << place % 64;
    };
    ForEachBlock([&](BlockVisits& visits) {
      const CodeColumn& clients = visits.Column(Dimension::kClient);
      const auto places = PlacesOf(clients);
      if (question_.group_by.empty() && visits.is_whole()) {
        for (const uint32_t place : places) set(0, place);
        return;
      }
      const auto& numbers = NumbersOf(visits);
      size_t at = 0;
      visits.ForEach([&](size_t visit) { set(numbers[at++], places[clients.codes[visit]]); });
    });
    for (const VisitRow& visit : tail_) set(grouping_.NumberOf(visit), PlaceOf(visit.client));
    counts_.assign(groups, 0);
    for (size_t i = 0; i < bits.size(); ++i) counts_[i / words] += std::popcount(bits[i]);
    return true;
  }

  // counts_ are the groups' visits, and become their visitors.
  void CountBySorting() {
    std::vector<uint64_t> bits(clients_ / 64 + 1);
    for (size_t first = 0; first < counts_.size();) {
      size_t end = first;
      size_t visits = 0;
      while (end < counts_.size() && (end == first || visits + static_cast<size_t>(counts_[end]) <= kSortedTogether)) {
        visits += static_cast<size_t>(counts_[end++]);
      }
      CountSorted(first, end, visits, bits);
      first = end;
    }
  }

  void CountSorted(size_t first, size_t end, size_t visits, std::vector<uint64_t>& bits) {
    std::vector<uint32_t> next(end - first);  // where the next client of a group goes
    std::exclusive_scan(counts_.begin() + static_cast<std::ptrdiff_t>(first),
                        counts_.begin() + static_cast<std::ptrdiff_t>(end), next.begin(), uint32_t{0},
                        [](auto sum, auto count) { return static_cast<uint32_t>(sum + count); });
    std::vector<uint32_t> sorted(visits);
    const auto put = [&](uint32_t group, uint32_t place) {
      if (group - first < next.size()) sorted[next[group - first]++] = place;
    };
    ForEachBlock([&](BlockVisits& block) {
      const auto& numbers = NumbersOf(block);
      const CodeColumn& clients = block.Column(Dimension::kClient);
      const auto places = PlacesOf(clients);
      size_t at = 0;
      block.ForEach([&](size_t visit) { put(numbers[at++], places[clients.codes[visit]]); });
    });
    for (const VisitRow& visit : tail_) put(grouping_.NumberOf(visit), PlaceOf(visit.client));
    size_t begin = 0;
    for (size_t group = first; group < end; ++group) {
      const size_t after = begin + static_cast<size_t>(counts_[group]);
      counts_[group] = CountDistinct(std::span(sorted).subspan(begin, after - begin), bits);
      begin = after;
    }
  }

  // Leaves the bits as they were: none set.
  static int64_t CountDistinct(std::span<const uint32_t> places, std::vector<uint64_t>& bits) {
    int64_t distinct = 0;
    for (const uint32_t place : places) {
      uint64_t& word = bits[place / 64];
      const uint64_t bit = uint64_t{1} << place % 64;
      distinct += (word & bit) == 0 ? 1 : 0;
      word |= bit;
    }
    for (const uint32_t place : places) bits[place / 64] = 0;
    return distinct;
  }

  ColumnSource& source_;
  const ScanQuestion& question_;
  std::vector<Block> blocks_;
  std::vector<VisitRow> tail_;
  int64_t first_client_;  // a client's place is how far it comes after this one
  size_t clients_;
  Grouping grouping_;
  std::vector<int64_t> counts_;    // by group
  std::vector<uint32_t> numbers_;  // of one block's visits
};

}  // namespace

Groups ColumnScan::Count(const ScanQuestion& question, std::span<const VisitRow> tail, const LastTextIds& last_ids) {
  return Counting(source_, question, tail, last_ids).Run();
}

}  // namespace page_count
