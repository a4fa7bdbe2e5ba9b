#include "worker/endpoints/figures.h"

namespace page_count {

std::string WithSeparators(int64_t count) {
  const std::string digits = std::to_string(count);
  std::string text;
  for (size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) text += ',';
    text += digits[i];
  }
  return text;
}

void WriteMember(JsonWriter& json, std::string_view name, const Figures& figures, std::span<const Figures::Row> rows) {
  const size_t place = figures.group_by.size() - 1;
  const bool by_hour = figures.group_by[place] == Dimension::kInterval;
  json.Key(name);
  json.StartObject();
  for (const Figures::Row& row : rows) {
    if (by_hour) {
      json.Member(FormatHour(figures.Start(row, place)), row.count);
    } else {
      json.Member(figures.Text(row, place), row.count);
    }
  }
  json.EndObject();
}

void WriteMember(JsonWriter& json, std::string_view name, std::span<const LoggedVisit> visits) {
  json.Key(name);
  json.StartArray();
  for (const LoggedVisit& visit : visits) {
    json.StartObject();
    json.Member("ip", visit.ip);
    json.Member("user_agent", visit.user_agent);
    json.Member("timestamp", FormatIso(visit.at));
    json.EndObject();
  }
  json.EndArray();
}

}  // namespace page_count
