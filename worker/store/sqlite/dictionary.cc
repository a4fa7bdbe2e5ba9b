#include "worker/store/sqlite/dictionary.h"

namespace page_count {

std::optional<int64_t> RecentTexts::Find(std::string_view text) {
  const Hash128 hash = SipHash13(key_, {text});
  if (auto at = young_.find(hash); at != young_.end()) return at->second;
  auto at = old_.find(hash);
  if (at == old_.end()) return std::nullopt;
  const int64_t id = at->second;
  Remember(hash, id);
  return id;
}

void RecentTexts::Remember(std::string_view text, int64_t id) { Remember(SipHash13(key_, {text}), id); }

void RecentTexts::Remember(const Hash128& hash, int64_t id) {
  if (young_.size() >= generation_size_) {
    old_ = std::move(young_);
    young_.clear();
  }
  young_.emplace(hash, id);
}

void RecentTexts::Clear() {
  young_.clear();
  old_.clear();
}

Dictionary::Dictionary(Connection& connection, std::string_view find_all, std::string_view add, size_t remembered)
    : find_all_(connection, find_all), add_(connection, add), recent_(remembered) {}

int64_t Dictionary::Recall(std::string_view text) { return recent_.Find(text).value_or(0); }

std::vector<int64_t> Dictionary::FindAll(std::span<const std::string_view> texts) {
  std::vector<BulkRow> rows;
  rows.reserve(texts.size());
  for (const std::string_view text : texts) rows.push_back({.bytes = text});
  std::vector<int64_t> ids(texts.size());
  const BulkRows bound(rows);
  Rows found = find_all_.Run(bound);
  while (found.Next()) {
    const auto row = static_cast<size_t>(found.Int(0));
    ids[row] = found.Int(1);
    recent_.Remember(texts[row], ids[row]);
  }
  return ids;
}

void Dictionary::Add(std::span<const std::string_view> texts, int64_t first_id) {
  std::vector<BulkRow> rows;
  rows.reserve(texts.size());
  for (const std::string_view text : texts) {
    const int64_t id = first_id + static_cast<int64_t>(rows.size());
    rows.push_back({.a = id, .bytes = text});
    recent_.Remember(text, id);
  }
  add_.Execute(BulkRows(rows));
}

}  // namespace page_count
