// Any bytes are a packed set of ids: what is unpacked is a set, and is packed and unpacked again.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "tests/fuzz/require.h"
#include "worker/store/sqlite/columns/packed_ids.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace page_count;
  const std::string_view blob(reinterpret_cast<const char*>(data), size);
  const auto ids = UnpackIds(blob);
  Require(ids.size() <= size);
  Require(ids.empty() || ids.front() > 0);
  Require(std::ranges::adjacent_find(ids, std::ranges::greater_equal()) == ids.end());
  const std::string packed = PackIds(ids);
  Require(packed.size() <= size);  // no number is longer than it must be
  Require(UnpackIds(packed) == ids);
  return 0;
}
