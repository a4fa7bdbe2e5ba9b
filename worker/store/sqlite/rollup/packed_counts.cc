#include "worker/store/sqlite/rollup/packed_counts.h"

#include <algorithm>
#include <span>

namespace page_count {
namespace {

void PutNumber(std::string& out, uint64_t number) {
  while (number >= 0x80) {
    out.push_back(static_cast<char>(number | 0x80));
    number >>= 7;
  }
  out.push_back(static_cast<char>(number));
}

bool BeforeId(const PackedCounts::Entry& entry, int64_t id) { return entry.id < id; }

}  // namespace

PackedCounts PackedCounts::Unpack(std::string_view blob) {
  PackedCounts counts;
  counts.entries_.reserve(blob.size() / 2);
  ForEach(blob, [&counts](int64_t id, int64_t visits) { counts.entries_.push_back({id, visits}); });
  return counts;
}

std::string PackedCounts::Pack() const {
  std::string blob;
  blob.reserve(4 * entries_.size());
  int64_t before = 0;
  for (const Entry& entry : entries_) {
    PutNumber(blob, static_cast<uint64_t>(entry.id - before));
    PutNumber(blob, static_cast<uint64_t>(entry.visits));
    before = entry.id;
  }
  return blob;
}

bool PackedCounts::Has(int64_t id) const {
  const auto at = std::lower_bound(entries_.begin(), entries_.end(), id, BeforeId);
  return at != entries_.end() && at->id == id;
}

std::vector<PackedCounts> PackedCounts::Split(size_t chunks) const {
  std::vector<PackedCounts> split;
  const size_t at_once = (entries_.size() + chunks - 1) / chunks;
  for (size_t first = 0; first < entries_.size(); first += at_once) {
    const auto chunk = std::span<const Entry>(entries_).subspan(first, std::min(at_once, entries_.size() - first));
    split.emplace_back().entries_.assign(chunk.begin(), chunk.end());
  }
  return split;
}

void PackedCounts::Add(int64_t id, int64_t visits) {
  const auto at = std::lower_bound(entries_.begin(), entries_.end(), id, BeforeId);
  if (at == entries_.end() || at->id != id) {
    entries_.insert(at, {id, visits});
  } else if ((at->visits += visits) == 0) {
    entries_.erase(at);
  }
}

void PackedCounts::Add(const PackedCounts& other) {
  std::vector<Entry> sum;
  sum.reserve(entries_.size() + other.entries_.size());
  auto mine = entries_.begin();
  for (const Entry& entry : other.entries_) {
    while (mine != entries_.end() && mine->id < entry.id) sum.push_back(*mine++);
    const bool is_in_both = mine != entries_.end() && mine->id == entry.id;
    sum.push_back(is_in_both ? Entry{entry.id, mine++->visits + entry.visits} : entry);
  }
  sum.insert(sum.end(), mine, entries_.end());
  std::erase_if(sum, [](const Entry& entry) { return entry.visits == 0; });
  entries_ = std::move(sum);
}

}  // namespace page_count
