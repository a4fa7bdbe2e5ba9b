#include "worker/store/sqlite/dictionary.h"

namespace page_count {

std::optional<int64_t> RecentTexts::Find(std::string_view text) {
  if (auto at = young_.find(text); at != young_.end()) return at->second;
  auto at = old_.find(text);
  if (at == old_.end()) return std::nullopt;
  const int64_t id = at->second;
  Remember(text, id);
  return id;
}

void RecentTexts::Remember(std::string_view text, int64_t id) {
  if (young_.size() >= generation_size_) {
    old_ = std::move(young_);
    young_.clear();
  }
  young_.emplace(text, id);
}

void RecentTexts::Clear() {
  young_.clear();
  old_.clear();
}

Dictionary::Dictionary(Connection& connection, std::string_view find, std::string_view add, size_t remembered)
    : find_(connection, find), add_(connection, add), recent_(remembered) {}

int64_t Dictionary::Find(std::string_view text) {
  if (auto id = recent_.Find(text)) return *id;
  Rows found = find_.Run(text);
  if (!found.Next()) return 0;
  const int64_t id = found.Int(0);
  recent_.Remember(text, id);
  return id;
}

void Dictionary::Add(std::string_view text, int64_t id) {
  add_.Execute(id, text);
  recent_.Remember(text, id);
}

}  // namespace page_count
