#include "worker/store/sqlite/question/pair_table.h"

#include <algorithm>
#include <bit>

#include "worker/store/sqlite/question/value_bits.h"

namespace page_count {
namespace {

constexpr size_t kMostBytes = 24 << 20;  // of all groups together
// A list is counted in an array if values are that few, and if it is not much shorter than the array's bits.
constexpr size_t kMostListCounts = 1 << 18;
constexpr size_t kRunsAhead = 8;       // whose memory is fetched meanwhile
constexpr size_t kBitsToSort = 1'024;  // as many take as long as one value of a list that is sorted

void ForEachOfSorted(std::span<uint32_t> list, const PairTable::Take& take) {
  std::sort(list.begin(), list.end());
  for (auto begin = list.begin(); begin != list.end();) {
    const auto end = std::find_if(begin, list.end(), [begin](uint32_t value) { return value != *begin; });
    take(*begin, end - begin);
    begin = end;
  }
}

void ForEachOfCounted(std::span<const uint32_t> list, PairTable::Scratch& scratch, const PairTable::Take& take) {
  for (const uint32_t value : list) {
    ++scratch.counts[value];
    SetBit(scratch.bits, value);
  }
  for (size_t word = 0; word < scratch.bits.size(); ++word) {
    for (uint64_t& bits = scratch.bits[word]; bits != 0; bits &= bits - 1) {
      const size_t value = 64 * word + static_cast<size_t>(std::countr_zero(bits));
      take(value, scratch.counts[value]);
      scratch.counts[value] = 0;
    }
  }
}

}  // namespace

PairTable::PairTable(Keeps keeps, size_t first_group, size_t values_end)
    : keeps_(keeps),
      first_group_(first_group),
      values_end_(values_end),
      words_a_group_(keeps == Keeps::kCounts ? values_end : WordsOfBits(values_end)) {}

bool PairTable::AddGroup(int64_t visits) {
  const size_t list_bytes = static_cast<size_t>(visits) * sizeof(uint32_t);
  const size_t words_bytes = words_a_group_ * sizeof(uint64_t);
  const bool is_list = list_bytes <= words_bytes;
  const size_t bytes = sizeof(Group) + (is_list ? list_bytes : words_bytes);
  if (!groups_.empty() && bytes_ + bytes > kMostBytes) return false;
  bytes_ += bytes;
  if (is_list) {
    groups_.push_back({static_cast<uint32_t>(lists_size_), static_cast<uint32_t>(visits)});
    lists_size_ += static_cast<size_t>(visits);
  } else {
    groups_.push_back({static_cast<uint32_t>(words_size_), kNoList});
    words_size_ += words_a_group_;
  }
  return true;
}

void PairTable::Allocate() {
  memory_ = MappedMemory(words_size_ + lists_size_ / 2 + 1);
  words_ = memory_.words().first(words_size_);
  lists_ = reinterpret_cast<uint32_t*>(memory_.words().data() + words_size_);
}

bool PairTable::HasAnyOf(const NumberedVisits& groups) const {
  return std::any_of(groups.numbers.begin(), groups.numbers.end(),
                     [this](uint32_t group) { return group - first_group_ < groups_.size(); });
}

void PairTable::AddVisits(const NumberedVisits& groups, const NumberedVisits& values, Scratch& scratch) {
  const auto add = [this](std::span<const GroupRun> runs) {
    AddRuns(runs);
    return true;
  };
  parts_.ForEach(groups, values, first_group_, groups_.size(), scratch.parts, add, [] {});
}

void PairTable::AddRuns(std::span<const GroupRun> runs) {
  for (size_t i = 0; i < runs.size(); ++i) {
    if (i + kRunsAhead < runs.size()) {
      const Group& ahead = groups_[runs[i + kRunsAhead].group];
      if (ahead.is_list()) __builtin_prefetch(lists_ + ahead.at, 1);
    }
    Group& group = groups_[runs[i].group];
    if (group.is_list()) {
      std::copy(runs[i].values.begin(), runs[i].values.end(), lists_ + group.at);
      group.at += static_cast<uint32_t>(runs[i].values.size());
    } else {
      AddToWords(group, runs[i].values);
    }
  }
}

void PairTable::AddToWords(const Group& group, std::span<const uint32_t> values) {
  const auto words = words_.subspan(group.at, words_a_group_);
  if (keeps_ == Keeps::kCounts) {
    for (const uint32_t value : values) ++words[value];
  } else {
    for (const uint32_t value : values) SetBit(words, value);
  }
}

int64_t PairTable::CountDistinct(size_t group, std::vector<uint64_t>& bits) const {
  const Group& counted = groups_[group - first_group_];
  int64_t distinct = 0;
  if (counted.is_list()) {
    bits.resize(WordsOfBits(values_end_));
    const auto list = ListOf(counted);
    for (const uint32_t value : list) distinct += SetBit(bits, value) ? 1 : 0;
    for (const uint32_t value : list) bits[value / 64] = 0;
  } else {
    distinct = CountBits(WordsOf(counted));
  }
  return distinct;
}

void PairTable::ForEachCount(size_t group, Scratch& scratch, const Take& take) const {
  const Group& counted = groups_[group - first_group_];
  if (!counted.is_list()) {
    const auto counters = WordsOf(counted);
    for (size_t value = 0; value < counters.size(); ++value) {
      if (counters[value] > 0) take(value, static_cast<int64_t>(counters[value]));
    }
  } else if (values_end_ > kMostListCounts || values_end_ / kBitsToSort > counted.visits) {
    scratch.list.assign(ListOf(counted).begin(), ListOf(counted).end());
    ForEachOfSorted(scratch.list, take);
  } else {
    scratch.counts.resize(values_end_);
    scratch.bits.resize(WordsOfBits(values_end_));
    ForEachOfCounted(ListOf(counted), scratch, take);
  }
}

}  // namespace page_count
