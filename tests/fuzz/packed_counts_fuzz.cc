// Any bytes are a packed blob: what can be read of it is in order, above zero, and is read again once it is packed. The
// same bytes as a list of additions and removals leave what a map would hold.
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "tests/fuzz/require.h"
#include "worker/store/sqlite/rollup/packed_counts.h"

using page_count::PackedCounts;
using page_count::Require;

namespace {

void CheckUnpacked(std::string_view blob) {
  const PackedCounts counts = PackedCounts::Unpack(blob);
  int64_t before = 0;
  for (const auto& [agent, visits] : counts.entries()) {
    Require(agent > before && visits > 0);
    before = agent;
  }
  const std::string packed = counts.Pack();
  Require(packed.size() <= blob.size());
  Require(PackedCounts::Unpack(packed) == counts);
}

// Two bytes an operation: the agent, and how many visits; an odd number takes visits away, never more than there are.
void CheckOperations(std::string_view bytes) {
  PackedCounts counts;
  std::map<int64_t, int64_t> expected;
  for (size_t i = 0; i + 1 < bytes.size(); i += 2) {
    const int64_t agent = static_cast<uint8_t>(bytes[i]) + 1;
    int64_t visits = static_cast<uint8_t>(bytes[i + 1]) + 1;
    const auto found = expected.find(agent);
    if (visits % 2 == 1) visits = found == expected.end() ? 0 : -std::min(visits, found->second);
    if (visits == 0) continue;
    counts.Add(agent, visits);
    if ((expected[agent] += visits) == 0) expected.erase(agent);
  }
  Require(counts.entries().size() == expected.size());
  for (const auto& [agent, visits] : counts.entries()) Require(expected[agent] == visits);
  Require(PackedCounts::Unpack(counts.Pack()) == counts);

  PackedCounts twice = counts;
  twice.Add(counts);
  for (const auto& [agent, visits] : counts.entries()) twice.Add(agent, -2 * visits);
  Require(twice.entries().empty() && twice.Pack().empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  CheckUnpacked(bytes);
  CheckOperations(bytes);
  return 0;
}
