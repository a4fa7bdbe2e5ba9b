#include "worker/store/sqlite/columns/packed_ids.h"

#include <limits>

namespace page_count {
namespace {

constexpr unsigned kBitsAByte = 7;
constexpr uint64_t kMore = 0x80;

// Takes one number off the front; false if the bytes end first.
bool TakeNumber(std::string_view& in, uint64_t& number) {
  number = 0;
  for (unsigned shift = 0; !in.empty() && shift < 64; shift += kBitsAByte) {
    const auto byte = static_cast<uint8_t>(in.front());
    in.remove_prefix(1);
    number |= (byte & (kMore - 1)) << shift;
    if ((byte & kMore) == 0) return true;
  }
  return false;
}

}  // namespace

std::vector<int64_t> UnpackIds(std::string_view blob) {
  constexpr uint64_t kMaxId = std::numeric_limits<int64_t>::max();
  std::vector<int64_t> ids;
  ids.reserve(blob.size());
  uint64_t distance = 0;
  uint64_t id = 0;
  while (TakeNumber(blob, distance) && distance > 0 && distance <= kMaxId - id) {
    id += distance;
    ids.push_back(static_cast<int64_t>(id));
  }
  return ids;
}

std::string PackIds(std::span<const int64_t> ids) {
  std::string blob;
  blob.reserve(2 * ids.size());
  int64_t before = 0;
  for (const int64_t id : ids) {
    auto distance = static_cast<uint64_t>(id - before);
    for (; distance >= kMore; distance >>= kBitsAByte) blob.push_back(static_cast<char>(distance | kMore));
    blob.push_back(static_cast<char>(distance));
    before = id;
  }
  return blob;
}

}  // namespace page_count
