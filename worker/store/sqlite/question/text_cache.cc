#include "worker/store/sqlite/question/text_cache.h"

namespace page_count {
namespace {

constexpr size_t kBytesBesideText = 64;  // of an entry, about

}  // namespace

const std::string& TextCache::Read(int64_t id) {
  if (const auto found = texts_.find(id); found != texts_.end()) return found->second;
  Rows rows = statement_.Run(id);
  std::string text = rows.Next() ? unpack_(rows.Bytes(0)) : std::string();
  const size_t bytes = text.size() + kBytesBesideText;
  if (bytes_ + bytes > kMostBytes) {
    texts_.clear();
    bytes_ = 0;
  }
  bytes_ += bytes;
  return texts_.emplace(id, std::move(text)).first->second;
}

}  // namespace page_count
