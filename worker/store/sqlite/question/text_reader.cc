#include "worker/store/sqlite/question/text_reader.h"

#include "worker/store/sqlite/log/client_id.h"

namespace page_count {

TextReader::TextReader(Connection& connection)
    : url_(connection, "page_url(page_id) -> url"),
      client_ip_(connection, "client_ip(client_id) -> ip"),
      agent_name_(connection, "agent_name(agent_id) -> name") {}

void TextReader::StartSnapshot(const std::vector<std::string>& new_clients) {
  EndSnapshot();
  int64_t id = 0;
  for (const std::string& ip : new_clients) Put(Dimension::kClient, --id, ip);
}

void TextReader::EndSnapshot() {
  for (auto& texts : texts_) texts.clear();
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
      text->second = id <= kLastIpv4Client ? IpOfIpv4Client(id) : ReadFrom(client_ip_, id);
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
