#include "worker/store/sqlite/question/text_reader.h"

#include <utility>

#include "worker/store/sqlite/log/client_address.h"
#include "worker/store/sqlite/log/text_statements.h"

namespace page_count {
namespace {

constexpr int64_t kNoText = 0;         // the id of a source that is not known
constexpr size_t kMostTexts = 32'768;  // of a column; some megabytes

}  // namespace

TextReader::TextReader(Connection& connection)
    : text_(ForEachColumn([&](Dimension column) { return Statement(connection, StatementsOf(column).text); })),
      find_(ForEachColumn([&](Dimension column) { return Statement(connection, StatementsOf(column).find); })),
      title_(connection, "page_title_find(page_id) -> title") {}

std::string TextReader::ReadTitle(int64_t page) {
  Rows rows = title_.Run(page);
  return rows.Next() ? std::string(rows.Bytes(0)) : std::string();
}

void TextReader::StartSnapshot(const std::vector<std::string>& new_clients) {
  EndSnapshot();
  int64_t id = 0;
  for (const std::string& address : new_clients) {
    std::string ip = UnpackAddress(address);
    Put(Dimension::kClient, --id, ip);
    new_clients_.emplace(std::move(ip), id);
  }
}

void TextReader::EndSnapshot() {
  for (auto& texts : texts_) texts.clear();
  new_clients_.clear();
}

void TextReader::Continue() {
  for (auto& texts : texts_) {
    if (texts.size() > kMostTexts) texts.clear();
  }
}

std::optional<int64_t> TextReader::FindId(Dimension column, const std::string& text) {
  if (column == Dimension::kSource && text.empty()) return kNoText;
  if (column == Dimension::kClient) {
    if (const auto is_new = new_clients_.find(text); is_new != new_clients_.end()) return is_new->second;
  }
  const std::string packed = column == Dimension::kClient ? PackAddress(text) : text;
  Rows rows = find_[IndexOf(column)].Run(packed);
  return rows.Next() ? std::optional(rows.Int(0)) : std::nullopt;
}

const std::string& TextReader::Read(Dimension column, int64_t id) {
  auto [text, is_new] = texts_[IndexOf(column)].try_emplace(id);
  if (!is_new || id == kNoText) return text->second;
  Rows rows = text_[IndexOf(column)].Run(id);
  if (!rows.Next()) return text->second;
  text->second = column == Dimension::kClient ? UnpackAddress(rows.Bytes(0)) : std::string(rows.Bytes(0));
  return text->second;
}

}  // namespace page_count
