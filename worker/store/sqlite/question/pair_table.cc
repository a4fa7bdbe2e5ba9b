#include "worker/store/sqlite/question/pair_table.h"

#include <algorithm>
#include <bit>

namespace page_count {
namespace {

constexpr size_t kMostBytes = 15 << 20;  // of all groups together
// A list is counted in an array if values are that few, and if it is not much shorter than the array's bits.
constexpr size_t kMostListCounts = 1 << 18;
constexpr size_t kBitsToSort = 1'024;  // as many take as long as one value of a list that is sorted

bool SetBit(std::span<uint64_t> bits, uint32_t value) {
  uint64_t& word = bits[value / 64];
  const bool is_new = (word >> value % 64 & 1) == 0;
  word |= uint64_t{1} << value % 64;
  return is_new;
}

}  // namespace

PairTable::PairTable(Keeps keeps, size_t first_group, size_t values_end)
    : keeps_(keeps),
      first_group_(first_group),
      values_end_(values_end),
      words_a_group_(keeps == Keeps::kCounts ? values_end : values_end / 64 + 1) {}

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

void PairTable::LayOut() {
  lists_.resize(lists_size_);
  words_.resize(words_size_);
  list_bits_.resize(values_end_ / 64 + 1);
  if (keeps_ == Keeps::kCounts && values_end_ <= kMostListCounts) list_counts_.resize(values_end_);
}

bool PairTable::HasAnyOf(const NumberedVisits& groups) const {
  return std::any_of(groups.numbers.begin(), groups.numbers.end(),
                     [this](uint32_t group) { return group - first_group_ < groups_.size(); });
}

void PairTable::AddVisits(const NumberedVisits& groups, const NumberedVisits& values) {
  if (list_bits_.empty()) LayOut();
  const auto visits = code_counts_.Count(groups.codes, groups.numbers.size());
  next_.resize(groups.numbers.size());
  other_values_.resize(groups.codes.size());
  const auto group_of = [&](size_t code) -> Group* {
    const size_t group = groups.numbers[code] - first_group_;
    return group < groups_.size() && visits[code] > 0 ? &groups_[group] : nullptr;
  };
  uint32_t* other = other_values_.data();
  for (size_t code = 0; code < next_.size(); ++code) {
    Group* const group = group_of(code);
    if (group != nullptr && group->is_list()) {
      next_[code] = lists_.data() + group->at;
      group->at += visits[code];
    } else {
      next_[code] = other;
      other += visits[code];
    }
  }
  for (size_t i = 0; i < groups.codes.size(); ++i) *next_[groups.codes[i]]++ = values.numbers[values.codes[i]];
  for (size_t code = 0; code < next_.size(); ++code) {
    const Group* const group = group_of(code);
    if (group != nullptr && !group->is_list()) AddToWords(*group, {next_[code] - visits[code], next_[code]});
  }
}

void PairTable::AddToWords(const Group& group, std::span<const uint32_t> values) {
  const auto words = std::span(words_).subspan(group.at, words_a_group_);
  if (keeps_ == Keeps::kCounts) {
    for (const uint32_t value : values) ++words[value];
  } else {
    for (const uint32_t value : values) SetBit(words, value);
  }
}

int64_t PairTable::CountDistinct(size_t group) {
  const Group& counted = groups_[group - first_group_];
  int64_t distinct = 0;
  if (counted.is_list()) {
    const auto list = ListOf(counted);
    for (const uint32_t value : list) distinct += SetBit(list_bits_, value) ? 1 : 0;
    for (const uint32_t value : list) list_bits_[value / 64] = 0;
  } else {
    for (const uint64_t word : std::span(words_).subspan(counted.at, words_a_group_)) distinct += std::popcount(word);
  }
  return distinct;
}

void PairTable::ForEachCount(size_t group, const Take& take) {
  const Group& counted = groups_[group - first_group_];
  if (!counted.is_list()) {
    const auto counters = std::span(words_).subspan(counted.at, words_a_group_);
    for (size_t value = 0; value < counters.size(); ++value) {
      if (counters[value] > 0) take(value, static_cast<int64_t>(counters[value]));
    }
  } else if (list_counts_.empty() || values_end_ / kBitsToSort > counted.visits) {
    ForEachOfSorted(ListOf(counted), take);
  } else {
    ForEachOfCounted(ListOf(counted), take);
  }
}

void PairTable::ForEachOfSorted(std::span<uint32_t> list, const Take& take) {
  std::sort(list.begin(), list.end());
  for (auto begin = list.begin(); begin != list.end();) {
    const auto end = std::find_if(begin, list.end(), [begin](uint32_t value) { return value != *begin; });
    take(*begin, end - begin);
    begin = end;
  }
}

void PairTable::ForEachOfCounted(std::span<const uint32_t> list, const Take& take) {
  for (const uint32_t value : list) {
    ++list_counts_[value];
    SetBit(list_bits_, value);
  }
  for (size_t word = 0; word < list_bits_.size(); ++word) {
    for (uint64_t& bits = list_bits_[word]; bits != 0; bits &= bits - 1) {
      const size_t value = 64 * word + static_cast<size_t>(std::countr_zero(bits));
      take(value, list_counts_[value]);
      list_counts_[value] = 0;
    }
  }
}

}  // namespace page_count
