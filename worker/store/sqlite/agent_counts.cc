#include "worker/store/sqlite/agent_counts.h"

#include <algorithm>
#include <limits>

namespace page_count {
namespace {

constexpr uint64_t kMaxNumber = std::numeric_limits<int64_t>::max();

void PutNumber(std::string& out, uint64_t number) {
  while (number >= 0x80) {
    out.push_back(static_cast<char>(number | 0x80));
    number >>= 7;
  }
  out.push_back(static_cast<char>(number));
}

// Takes one number off the front; false where the bytes end first.
bool TakeNumber(std::string_view& in, uint64_t& number) {
  number = 0;
  for (unsigned shift = 0; !in.empty() && shift < 64; shift += 7) {
    const auto byte = static_cast<uint8_t>(in.front());
    in.remove_prefix(1);
    number |= static_cast<uint64_t>(byte & 0x7f) << shift;
    if ((byte & 0x80) == 0) return true;
  }
  return false;
}

}  // namespace

AgentCounts AgentCounts::Unpack(std::string_view blob) {
  AgentCounts counts;
  uint64_t distance = 0;
  uint64_t visits = 0;
  uint64_t agent = 0;
  while (TakeNumber(blob, distance) && TakeNumber(blob, visits)) {
    const bool written_by_pack = distance > 0 && distance <= kMaxNumber - agent && visits > 0 && visits <= kMaxNumber;
    if (!written_by_pack) break;
    agent += distance;
    counts.entries_.push_back({static_cast<int64_t>(agent), static_cast<int64_t>(visits)});
  }
  return counts;
}

std::string AgentCounts::Pack() const {
  std::string blob;
  int64_t before = 0;
  for (const Entry& entry : entries_) {
    PutNumber(blob, static_cast<uint64_t>(entry.agent - before));
    PutNumber(blob, static_cast<uint64_t>(entry.visits));
    before = entry.agent;
  }
  return blob;
}

void AgentCounts::Add(int64_t agent, int64_t visits) {
  auto at = std::lower_bound(entries_.begin(), entries_.end(), agent,
                             [](const Entry& entry, int64_t wanted) { return entry.agent < wanted; });
  if (at == entries_.end() || at->agent != agent) {
    entries_.insert(at, {agent, visits});
  } else if ((at->visits += visits) == 0) {
    entries_.erase(at);
  }
}

void AgentCounts::Add(const AgentCounts& other) {
  if (entries_.empty()) {
    entries_ = other.entries_;
    return;
  }
  for (const Entry& entry : other.entries_) Add(entry.agent, entry.visits);
}

}  // namespace page_count
