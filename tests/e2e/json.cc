#include "tests/e2e/json.h"

#include <gtest/gtest.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <cstdio>
#include <utility>

namespace page_count::e2e {

Json Json::Parse(const std::string& body) {
  auto document = std::make_shared<rapidjson::Document>();
  document->Parse<rapidjson::kParseValidateEncodingFlag>(body.data(), body.size());
  if (document->HasParseError()) {
    ADD_FAILURE() << "not JSON in UTF-8: " << body.substr(0, 500);
    return {nullptr, nullptr};
  }
  const rapidjson::Value* root = document.get();
  return {std::move(document), root};
}

Json Json::operator[](std::string_view member) const {
  if (!IsObject()) return {document_, nullptr};
  const rapidjson::Value name(rapidjson::StringRef(member.data(), member.size()));
  const auto found = value_->FindMember(name);
  return {document_, found == value_->MemberEnd() ? nullptr : &found->value};
}

Json Json::operator[](size_t index) const {
  if (!IsArray() || index >= value_->Size()) return {document_, nullptr};
  return {document_, &(*value_)[static_cast<rapidjson::SizeType>(index)]};
}

std::string Json::str() const {
  return IsString() ? std::string(value_->GetString(), value_->GetStringLength()) : text();
}

int64_t Json::number() const { return exists() && value_->IsInt64() ? value_->GetInt64() : -1; }

size_t Json::size() const {
  if (IsArray()) return value_->Size();
  return IsObject() ? value_->MemberCount() : 0;
}

std::vector<std::string> Json::keys() const {
  std::vector<std::string> names;
  if (!IsObject()) return names;
  for (const auto& member : value_->GetObject()) names.emplace_back(member.name.GetString());
  return names;
}

std::string Json::text() const {
  if (!exists()) return "<missing>";
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  value_->Accept(writer);
  return {buffer.GetString(), buffer.GetSize()};
}

std::string Quoted(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      quoted += '\\';
      quoted += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(c));
      quoted += escape;
    } else {
      quoted += c;
    }
  }
  return quoted + '"';
}

}  // namespace page_count::e2e
