#include "worker/store/sqlite/question/growing_sets.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "worker/store/sqlite/question/value_bits.h"

namespace page_count {
namespace {

constexpr uint32_t kChunk = 64;       // places; the first one links to the chunk before
constexpr uint32_t kLine = 16;        // of the cache
constexpr size_t kWordsToClear = 8;   // take as long as to clear one value's
constexpr size_t kChunksAtOnce = 16;  // of a part; nobody else has to wait meanwhile
constexpr size_t kRunsAhead = 8;      // whose memory is fetched meanwhile

}  // namespace

template <typename ForChunk>
void GrowingSets::ForEachChunk(const Group& list, ForChunk take) const {
  for (uint32_t end = list.at; end != 0;) {
    const uint32_t chunk = (end - 1) / kChunk * kChunk;
    const uint32_t before = arena_[chunk];
    for (uint32_t line = 0; line < kChunk && before != 0; line += kLine)
      __builtin_prefetch(arena_ + before - kChunk + line);
    take(std::span<const uint32_t>(arena_ + chunk + 1, end - chunk - 1));
    end = before;
  }
}

GrowingSets::GrowingSets(size_t first_group, size_t groups, size_t values_end, size_t bytes)
    : first_group_(first_group),
      values_end_(values_end),
      most_in_list_(2 * WordsOfBits(values_end)),
      groups_(groups),
      memory_(bytes / sizeof(uint64_t)),
      arena_(reinterpret_cast<uint32_t*>(memory_.words().data())),
      chunks_end_(bytes / sizeof(uint32_t) / kChunk),
      kept_(groups) {}

void GrowingSets::AddVisits(const NumberedVisits& groups, const NumberedVisits& values, Scratch& scratch) {
  size_t kept = 0;
  const auto add = [&](std::span<GroupRun>& runs) {
    kept = kept_;
    return AddRuns(runs, kept);
  };
  parts_.ForEach(groups, values, first_group_, groups_.size(), scratch, add, [&] { KeepHalfOf(kept); });
}

bool GrowingSets::AddRuns(std::span<GroupRun>& runs, size_t kept) {
  for (; !runs.empty(); runs = runs.subspan(1)) {
    if (kRunsAhead < runs.size()) __builtin_prefetch(arena_ + groups_[runs[kRunsAhead].group].at, 1);
    auto& [number, values] = runs.front();
    if (number >= kept) continue;
    Group& group = groups_[number];
    if (group.visits != kBits && group.visits + values.size() > most_in_list_) TurnIntoBits(number);
    if (group.visits == kBits) {
      const auto bits = BitsAt(group.at);
      for (const uint32_t value : values) SetBit(bits, value);
    } else if (!AddToList(number, values)) {
      return false;
    }
  }
  return true;
}

bool GrowingSets::AddToList(size_t number, std::span<const uint32_t>& values) {
  Group& group = groups_[number];
  while (!values.empty()) {
    if (group.at % kChunk == 0) {
      const uint32_t chunk = TakeChunk(number);
      if (chunk == 0) return false;
      // The chunk before is full, or there is none: either way the next place is at an end.
      arena_[chunk] = group.at;
      group.at = chunk + 1;
    }
    const size_t left = kChunk - group.at % kChunk;
    const size_t count = std::min(values.size(), left);
    // Most runs are short: always as many values, whatever they are, for that takes no branch.
    const bool is_short = values.size() <= SortedVisits::kPadding && left >= SortedVisits::kPadding;
    if (is_short) {
      std::memcpy(arena_ + group.at, values.data(), SortedVisits::kPadding * sizeof(uint32_t));
    } else {
      std::copy_n(values.data(), count, arena_ + group.at);
    }
    group.at += static_cast<uint32_t>(count);
    group.visits += static_cast<uint32_t>(count);
    values = values.subspan(count);
  }
  return true;
}

void GrowingSets::KeepHalfOf(size_t kept) {
  const MutexLock lock(giving_up_);
  if (kept_ != kept) return;  // another thread has been here
  kept_ = kept / 2;
  parts_.ForEachGroup(kept / 2, kept, [this](size_t group) {
    const MutexLock is_giving(given_up_lock_);
    if (groups_[group].visits == kBits) {
      GiveBackBits(groups_[group].at);
    } else {
      GiveBack(groups_[group], given_up_);
    }
    groups_[group] = {};
  });
}

// If there is no memory for the bits, it stays a list.
void GrowingSets::TurnIntoBits(size_t group) {
  const uint32_t at = TakeZeros(ChunksOfBits());
  if (at == 0) return;
  ForEachChunk(groups_[group], [bits = BitsAt(at)](std::span<const uint32_t> values) {
    for (const uint32_t value : values) SetBit(bits, value);
  });
  GiveBack(groups_[group], chunks_[GroupParts::PartOf(group)].free);
  groups_[group] = {at, kBits};
}

uint32_t GrowingSets::TakeChunk(size_t group) {
  Chunks& chunks = chunks_[GroupParts::PartOf(group)];
  if (chunks.free != 0) return TakeOff(chunks.free);
  if (chunks.left == 0) {
    chunks.next = TakeZeros(kChunksAtOnce);
    if (chunks.next == 0) {
      const MutexLock lock(given_up_lock_);
      return given_up_ != 0 ? TakeOff(given_up_) : 0;
    }
    chunks.left = kChunksAtOnce;
  }
  --chunks.left;
  return std::exchange(chunks.next, chunks.next + kChunk);
}

uint32_t GrowingSets::TakeOff(uint32_t& free) {
  const uint32_t chunk = (free - 1) / kChunk * kChunk;
  free = arena_[chunk];
  return chunk;
}

uint32_t GrowingSets::TakeZeros(size_t chunks) {
  const size_t chunk = next_chunk_.fetch_add(chunks);
  if (chunk + chunks <= chunks_end_) return static_cast<uint32_t>(chunk * kChunk);
  next_chunk_ -= chunks;
  return 0;
}

void GrowingSets::GiveBack(const Group& list, uint32_t& free) {
  uint32_t* link = nullptr;
  ForEachChunk(list, [&](std::span<const uint32_t> values) { link = arena_ + (values.data() - arena_) - 1; });
  if (link != nullptr) *link = std::exchange(free, list.at);
}

void GrowingSets::GiveBackBits(uint32_t at) {
  for (size_t i = 0; i < ChunksOfBits(); ++i, at += kChunk) arena_[at] = std::exchange(given_up_, at + kChunk);
}

size_t GrowingSets::ChunksOfBits() const { return (2 * WordsOfBits(values_end_) + kChunk - 1) / kChunk; }

std::span<uint64_t> GrowingSets::BitsAt(uint32_t at) const {
  return memory_.words().subspan(at / 2, WordsOfBits(values_end_));
}

int64_t GrowingSets::CountDistinct(size_t group, std::vector<uint64_t>& bits) const {
  const Group& counted = groups_[group - first_group_];
  if (counted.visits == kBits) return CountBits(BitsAt(counted.at));
  bits.resize(WordsOfBits(values_end_));
  int64_t distinct = 0;
  ForEachChunk(counted, [&](std::span<const uint32_t> values) {
    for (const uint32_t value : values) distinct += SetBit(bits, value) ? 1 : 0;
  });
  if (counted.visits > bits.size() / kWordsToClear) {
    std::fill(bits.begin(), bits.end(), 0);
  } else {
    ForEachChunk(counted, [&](std::span<const uint32_t> values) {
      for (const uint32_t value : values) bits[value / 64] = 0;
    });
  }
  return distinct;
}

}  // namespace page_count
