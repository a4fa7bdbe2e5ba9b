#include "worker/endpoints/visit_fields.h"

#include <algorithm>
#include <array>

namespace page_count {
namespace {

std::string_view UrlOf(const LoggedVisit& visit, std::string&) { return visit.url; }
std::string_view IpOf(const LoggedVisit& visit, std::string&) { return visit.ip; }
std::string_view AgentOf(const LoggedVisit& visit, std::string&) { return visit.user_agent; }
std::string_view SourceOf(const LoggedVisit& visit, std::string&) { return visit.source; }
std::string_view TitleOf(const LoggedVisit& visit, std::string&) { return visit.title; }
std::string_view TimeOf(const LoggedVisit& visit, std::string& spelled) { return spelled = FormatSpaced(visit.at); }
std::string_view IdOf(const LoggedVisit& visit, std::string& spelled) { return spelled = std::to_string(visit.id); }

// A new field is a row here.
constexpr std::array<VisitField, 11> kFields = {{
    {.name = "url", .text = UrlOf},
    {.name = "ip", .other_name = "ip_address", .text = IpOf},
    {.name = "user_agent", .text = AgentOf},
    {.name = "timestamp", .text = TimeOf},
    {.name = "id", .text = IdOf},
    {.name = "referrer", .text = SourceOf},
    {.name = "title", .text = TitleOf},
    {.name = "country", .attribute = Dimension::kCountry},
    {.name = "browser", .attribute = Dimension::kBrowser},
    {.name = "system", .attribute = Dimension::kSystem},
    {.name = "bot", .attribute = Dimension::kBot},
}};
constexpr size_t kOfReference = 4;  // the first ones

std::string WhatWouldDo() {
  std::string text = "Input should be names with commas between them, each once: ";
  for (const VisitField& field : kFields) {
    if (&field != kFields.data()) text += &field == &kFields.back() ? " or " : ", ";
    text.append("'").append(field.name).append("'");
  }
  return text;
}

}  // namespace

VisitFields::VisitFields() {
  for (size_t i = 0; i < kOfReference; ++i) Choose(kFields[i]);
}

Result<VisitFields, std::string> VisitFields::Parse(std::string_view names) {
  VisitFields fields;
  fields.chosen_.clear();
  for (size_t start = 0; start <= names.size();) {
    const size_t end = std::min(names.find(',', start), names.size());
    const std::string_view name = names.substr(start, end - start);
    const auto* field = std::find_if(kFields.begin(), kFields.end(), [&](const VisitField& one) {
      return !name.empty() && (one.name == name || one.other_name == name);
    });
    const bool is_there = std::any_of(fields.chosen_.begin(), fields.chosen_.end(),
                                      [&](const Chosen& one) { return one.field == field; });
    if (field == kFields.end() || is_there) return WhatWouldDo();
    fields.Choose(*field);
    start = end + 1;
  }
  return fields;
}

void VisitFields::Choose(const VisitField& field) {
  chosen_.push_back({&field, attributes_.size()});
  if (field.text == nullptr) attributes_.push_back(field.attribute);
  wants_titles_ = wants_titles_ || field.text == TitleOf;
}

}  // namespace page_count
