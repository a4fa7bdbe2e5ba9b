#include "worker/commands/text_places.h"

#include <algorithm>
#include <bit>
#include <functional>

namespace page_count {
namespace {

constexpr size_t kLooks = 8;             // slots one after the other, of which a text has one
constexpr size_t kMostBytes = 8U << 20;  // of the texts together

}  // namespace

TextPlaces::TextPlaces(size_t texts) : slots_(std::bit_ceil(2 * texts) + kLooks) {}

std::optional<uint32_t> TextPlaces::Find(std::string_view text) {
  hash_ = std::hash<std::string_view>{}(text);
  const size_t first = hash_ % (slots_.size() - kLooks);
  const auto tag = static_cast<uint32_t>(hash_ >> 32);
  for (size_t i = first; i < first + kLooks && slots_[i].text != 0; ++i) {
    const size_t known = slots_[i].text - 1;
    if (slots_[i].tag == tag && texts_.texts()[known] == text) return places_[known];
  }
  return std::nullopt;
}

void TextPlaces::Put(std::string_view text, uint32_t place) {
  if (texts_.bytes() + text.size() > kMostBytes) return;
  const auto first = slots_.begin() + static_cast<std::ptrdiff_t>(hash_ % (slots_.size() - kLooks));
  const auto free = std::find_if(first, first + kLooks - 1, [](const Slot& slot) { return slot.text == 0; });
  *free = {static_cast<uint32_t>(hash_ >> 32), texts_.Add(text) + 1};
  places_.push_back(place);
}

void TextPlaces::Clear() {
  std::fill(slots_.begin(), slots_.end(), Slot{});
  texts_ = {};
  places_.clear();
}

}  // namespace page_count
