#include "worker/store/sqlite/question/row_numbers.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace page_count {
namespace {

// Of a code in a block of no selected visit, which may be a key that has no row.
constexpr uint32_t kNoRow = UINT32_MAX;

// Where the visits of each code begin, if they are ordered by it.
std::vector<uint32_t> Begins(CodeCounts& counts, std::span<const uint16_t> codes, size_t codes_end) {
  const auto visits = counts.Count(codes, codes_end);
  std::vector<uint32_t> begins(codes_end);
  std::exclusive_scan(visits.begin(), visits.end(), begins.begin(), uint32_t{0});
  return begins;
}

}  // namespace

RowNumbers::RowNumbers(const Grouping& grouping, const Groups& rows)
    : grouping_(grouping), rows_(rows), begins_(grouping.firsts_end() + 1) {
  for (const auto& row : rows) ++begins_[grouping.FirstOf(row) + 1];
  std::partial_sum(begins_.begin(), begins_.end(), begins_.begin());
}

NumberedVisits RowNumbers::Of(BlockVisits& visits, size_t first, size_t end, Scratch& scratch) const {
  NumberedVisits firsts = grouping_.FirstsOf(visits);
  if (!grouping_.has_second()) {
    for (uint32_t& number : firsts.numbers) {
      number = number < begins_.size() ? static_cast<uint32_t>(begins_[number]) : kNoRow;
    }
    return firsts;
  }
  const NumberedVisits seconds = grouping_.SecondsOf(visits);
  SortVisits(firsts, seconds, scratch);
  NumberedVisits rows;
  scratch.codes.resize(scratch.sorted.size());
  std::pair<uint16_t, uint16_t> before;
  size_t row = 0;
  size_t rows_end = 0;
  for (const uint16_t visit : scratch.sorted) {
    const std::pair codes(firsts.codes[visit], seconds.codes[visit]);
    if (rows.numbers.empty() || codes.first != before.first) {
      row = std::max(first, begins_[firsts.numbers[codes.first]]);
      rows_end = std::max(row, std::min(end, begins_[firsts.numbers[codes.first] + 1]));
    }
    if (rows.numbers.empty() || codes != before) {
      const auto wanted = grouping_.RowOf(firsts.numbers[codes.first], seconds.numbers[codes.second], 0);
      row = Find(row, rows_end, wanted);
      const bool is_found = row < rows_end && rows_[row].keys == wanted.keys;
      rows.numbers.push_back(is_found ? static_cast<uint32_t>(row) : kNoRow);
    }
    before = codes;
    scratch.codes[visit] = static_cast<uint16_t>(rows.numbers.size() - 1);
  }
  rows.codes = scratch.codes;
  return rows;
}

// In steps that double: the visits ask for one after the other.
size_t RowNumbers::Find(size_t row, size_t end, const Figures::Row& wanted) const {
  const size_t place = grouping_.second_key();
  const auto is_before = [&, key = wanted.keys[place]](const Figures::Row& is) { return is.keys[place] < key; };
  size_t step = 1;
  while (row + step <= end && is_before(rows_[row + step - 1])) {
    row += step;
    step *= 2;
  }
  const auto begin = rows_.begin() + static_cast<std::ptrdiff_t>(row);
  const auto until = rows_.begin() + static_cast<std::ptrdiff_t>(std::min(end, row + step - 1));
  return static_cast<size_t>(std::partition_point(begin, until, is_before) - rows_.begin());
}

void RowNumbers::SortVisits(const NumberedVisits& firsts, const NumberedVisits& seconds, Scratch& scratch) {
  scratch.by_second.resize(seconds.codes.size());
  scratch.sorted.resize(firsts.codes.size());
  auto next = Begins(scratch.code_counts, seconds.codes, seconds.numbers.size());
  for (size_t visit = 0; visit < scratch.by_second.size(); ++visit) {
    scratch.by_second[next[seconds.codes[visit]]++] = static_cast<uint16_t>(visit);
  }
  next = Begins(scratch.code_counts, firsts.codes, firsts.numbers.size());
  for (const uint16_t visit : scratch.by_second) scratch.sorted[next[firsts.codes[visit]]++] = visit;
}

}  // namespace page_count
