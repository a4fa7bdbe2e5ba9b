#include "worker/store/sqlite/question/text_reader.h"

#include <utility>

#include "worker/store/sqlite/log/client_address.h"

namespace page_count {
namespace {

constexpr size_t kMostTexts = 32'768;  // of a column; some megabytes

}  // namespace

TextReader::TextReader(Connection& connection)
    : url_(connection, "page_url(page_id) -> url"),
      client_address_(connection, "client_address(client_id) -> address"),
      agent_name_(connection, "agent_name(agent_id) -> name"),
      find_page_(connection, "page_find(url) -> id"),
      find_client_(connection, "client_find(address) -> id"),
      find_agent_(connection, "agent_find(name) -> id") {}

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
  const auto find = [](Statement& statement, std::string_view sought) -> std::optional<int64_t> {
    Rows rows = statement.Run(sought);
    return rows.Next() ? std::optional(rows.Int(0)) : std::nullopt;
  };
  switch (column) {
    case Dimension::kPage:
      return find(find_page_, text);
    case Dimension::kAgent:
      return find(find_agent_, text);
    case Dimension::kClient: {
      const auto is_new = new_clients_.find(text);
      return is_new != new_clients_.end() ? is_new->second : find(find_client_, PackAddress(text));
    }
    case Dimension::kHour:  // no column
      break;
  }
  return std::nullopt;
}

const std::string& TextReader::Read(Dimension column, int64_t id) {
  auto [text, is_new] = texts_[IndexOf(column)].try_emplace(id);
  if (!is_new) return text->second;
  switch (column) {
    case Dimension::kPage:
      text->second = ReadFrom(url_, id);
      break;
    case Dimension::kAgent:
      text->second = ReadFrom(agent_name_, id);
      break;
    case Dimension::kClient:
      text->second = UnpackAddress(ReadFrom(client_address_, id));
      break;
    case Dimension::kHour:  // no column
      break;
  }
  return text->second;
}

std::string TextReader::ReadFrom(Statement& statement, int64_t id) {
  Rows rows = statement.Run(id);
  return rows.Next() ? std::string(rows.Bytes(0)) : std::string();
}

}  // namespace page_count
