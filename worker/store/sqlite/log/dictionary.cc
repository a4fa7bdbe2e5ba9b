#include "worker/store/sqlite/log/dictionary.h"

namespace page_count {

Dictionary::Dictionary(Connection& connection, Dimension column, size_t remembered)
    : find_all_(connection, StatementsOf(column).find_all),
      add_(connection, StatementsOf(column).add),
      cache_(remembered) {}

std::vector<int64_t> Dictionary::FindAll(std::span<const std::string_view> texts) {
  std::vector<TextRow> rows;
  rows.reserve(texts.size());
  for (const std::string_view text : texts) rows.push_back({0, text});
  std::vector<int64_t> ids(texts.size());
  Rows found = find_all_.Run(ArrayRows(rows));
  while (found.Next()) {
    const auto row = static_cast<size_t>(found.Int(0));
    ids[row] = found.Int(1);
    cache_.Put(texts[row], ids[row]);
  }
  return ids;
}

void Dictionary::Add(std::span<const std::string_view> texts, int64_t first_id) {
  std::vector<TextRow> rows;
  rows.reserve(texts.size());
  for (const std::string_view text : texts) {
    const int64_t id = first_id + static_cast<int64_t>(rows.size());
    rows.push_back({id, text});
    cache_.Put(text, id);
  }
  add_.Execute(ArrayRows(rows));
}

}  // namespace page_count
