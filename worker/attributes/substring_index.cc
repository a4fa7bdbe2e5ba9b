#include "worker/attributes/substring_index.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace page_count {
namespace {

uint32_t PrefixAt(std::string_view text, size_t at) {
  const auto byte = [&](size_t i) { return uint32_t{static_cast<unsigned char>(text[at + i])}; };
  return byte(0) << 16 | byte(1) << 8 | byte(2);
}

}  // namespace

SubstringIndex::SubstringIndex(std::vector<std::string> strings) : strings_(std::move(strings)) {
  for (size_t i = 0; i < strings_.size(); ++i) {
    if (strings_[i].size() < kMinBytes) throw std::invalid_argument("too short to be looked for: " + strings_[i]);
    by_prefix_[PrefixAt(strings_[i], 0)].push_back(static_cast<int>(i));
  }
}

std::vector<int> SubstringIndex::FoundIn(std::string_view text) const {
  std::vector<int> found;
  for (size_t at = 0; at + kMinBytes <= text.size(); ++at) {
    const auto same_prefix = by_prefix_.find(PrefixAt(text, at));
    if (same_prefix == by_prefix_.end()) continue;
    for (const int i : same_prefix->second) {
      if (text.substr(at).starts_with(strings_[static_cast<size_t>(i)])) found.push_back(i);
    }
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

}  // namespace page_count
