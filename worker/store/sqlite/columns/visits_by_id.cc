#include "worker/store/sqlite/columns/visits_by_id.h"

#include <array>
#include <bit>

namespace page_count {
namespace {

constexpr int kDigitBits = 11;  // the counts of a round fit into the processor's nearest cache
constexpr size_t kDigits = size_t{1} << kDigitBits;

// Sorts by one digit; visits with the same one stay in their order.
void SortByDigit(std::span<const VisitOfId> from, std::span<VisitOfId> to, int shift) {
  const auto digit_of = [shift](const VisitOfId& entry) { return (entry.id >> shift) % kDigits; };
  std::array<uint32_t, kDigits> places = {};
  for (const VisitOfId& entry : from) ++places[digit_of(entry)];
  uint32_t place = 0;
  for (uint32_t& count : places) {
    const uint32_t visits = count;
    count = place;
    place += visits;
  }
  for (const VisitOfId& entry : from) to[places[digit_of(entry)]++] = entry;
}

}  // namespace

std::vector<VisitOfId> VisitsById(std::span<const int64_t> ids) {
  std::vector<VisitOfId> sorted;
  sorted.reserve(ids.size());
  uint64_t bits = 0;
  for (const int64_t id : ids) {
    sorted.push_back({.id = static_cast<uint64_t>(id), .visit = static_cast<uint32_t>(sorted.size())});
    bits |= static_cast<uint64_t>(id);
  }
  std::vector<VisitOfId> next(ids.size());
  const auto width = static_cast<int>(std::bit_width(bits));
  for (int shift = 0; shift < width; shift += kDigitBits) {
    SortByDigit(sorted, next, shift);
    sorted.swap(next);
  }
  return sorted;
}

}  // namespace page_count
