#include "worker/store/sqlite/question/tail_blocks.h"

#include <algorithm>
#include <utility>

namespace page_count {
namespace {

constexpr size_t kMostVisits = 65'536;  // of a block: codes have 16 bits

}  // namespace

std::vector<Block> TailBlocks::Find(VisitId from, VisitId before) {
  const auto at = [this](VisitId id) {
    const auto found = std::lower_bound(visits_.begin(), visits_.end(), id,
                                        [](const VisitRow& visit, VisitId wanted) { return visit.id < wanted; });
    return static_cast<size_t>(found - visits_.begin());
  };
  std::vector<Block> blocks;
  const size_t end = at(before);
  for (size_t first = at(from); first < end; first += kMostVisits) {
    const size_t last = std::min(first + kMostVisits, end) - 1;
    blocks.push_back(
        {static_cast<int64_t>(first), visits_[first].id, visits_[last].id, static_cast<int64_t>(last - first + 1)});
  }
  return blocks;
}

std::vector<VisitId> TailBlocks::ReadTimes(const Block& block) {
  std::vector<VisitId> times;
  for (const VisitRow& visit : VisitsOf(block)) times.push_back(visit.id);
  return times;
}

CodeColumn TailBlocks::ReadColumn(const Block& block, Dimension column) {
  const auto visits = VisitsOf(block);
  std::vector<std::pair<int64_t, uint16_t>> sorted;  // id, place
  sorted.reserve(visits.size());
  for (const VisitRow& visit : visits) {
    sorted.emplace_back(visit.texts[IndexOf(column)], static_cast<uint16_t>(sorted.size()));
  }
  std::sort(sorted.begin(), sorted.end());
  CodeColumn codes;
  codes.codes.resize(visits.size());
  for (const auto& [key, place] : sorted) {
    if (codes.ids.empty() || codes.ids.back() != key) codes.ids.push_back(key);
    codes.codes[place] = static_cast<uint16_t>(codes.ids.size() - 1);
  }
  return codes;
}

}  // namespace page_count
