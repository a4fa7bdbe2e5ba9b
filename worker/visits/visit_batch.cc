#include "worker/visits/visit_batch.h"

#include <algorithm>

namespace page_count {
namespace {

constexpr size_t kChunkBytes = 1U << 16;

}  // namespace

uint32_t TextList::Add(std::string_view text) {
  if (chunks_.empty() || text.size() > free_.size()) {
    const size_t size = std::max(kChunkBytes, text.size());
    chunks_.emplace_back(new char[size]);  // not make_unique, which would fill it
    free_ = {chunks_.back().get(), size};
  }
  std::copy(text.begin(), text.end(), free_.begin());
  texts_.emplace_back(free_.data(), text.size());
  free_ = free_.subspan(text.size());
  bytes_ += text.size();
  return static_cast<uint32_t>(texts_.size() - 1);
}

size_t VisitBatch::text_bytes() const {
  size_t bytes = 0;
  for (const TextList& list : texts) bytes += list.bytes();
  return bytes;
}

}  // namespace page_count
