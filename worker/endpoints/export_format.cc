#include "worker/endpoints/export_format.h"

#include <array>

#include "worker/endpoints/figures.h"
#include "worker/http/json.h"

namespace page_count {
namespace {

void AppendJson(const LoggedVisit& visit, std::string& text) {
  JsonWriter json;
  json.StartObject();
  json.Member("url", visit.url);
  json.Member("ip", visit.ip);
  json.Member("user_agent", visit.user_agent);
  json.Member("timestamp", FormatSpaced(visit.at));
  json.EndObject();
  text += json.Take();
}

void AppendJsonLine(const LoggedVisit& visit, std::string& text) {
  AppendJson(visit, text);
  text += '\n';
}

void AppendCsv(const LoggedVisit& visit, std::string& text) {
  AppendCsvField(visit.url, text);
  text += ',';
  AppendCsvField(visit.ip, text);
  text += ',';
  AppendCsvField(visit.user_agent, text);
  text += ',';
  text += FormatSpaced(visit.at);
  text += "\r\n";
}

std::string NoFoot(int64_t) { return {}; }

std::string JsonFoot(int64_t visits) { return "],\"total_count\":\"" + WithSeparators(visits) + "\"}"; }

constexpr std::array<ExportFormat, 3> kFormats = {{
    {"json", "application/json", "{\"visits\":[", ",", AppendJson, JsonFoot},
    {"jsonl", "application/jsonl", "", "", AppendJsonLine, NoFoot},
    {"csv", "text/csv; charset=utf-8", "url,ip,user_agent,timestamp\r\n", "", AppendCsv, NoFoot},
}};

}  // namespace

bool IsCsvFormula(std::string_view field) {
  constexpr std::string_view kFormulaStarts = "=+-@\t\r";
  const size_t start = field.find_first_not_of('\'');
  return start != field.npos && kFormulaStarts.find(field[start]) != kFormulaStarts.npos;
}

void AppendCsvField(std::string_view field, std::string& text) {
  const bool is_formula = IsCsvFormula(field);
  const bool quoted = field.find_first_of(",\"\r\n") != field.npos;
  if (quoted) text += '"';
  if (is_formula) text += '\'';
  for (const char c : field) {
    if (c == '"') text += '"';
    text += c;
  }
  if (quoted) text += '"';
}

const ExportFormat* FindExportFormat(std::string_view name) {
  for (const ExportFormat& format : kFormats) {
    if (format.name == name) return &format;
  }
  return nullptr;
}

VisitExport::VisitExport(const ScanRange& range, const ExportFormat& format) : format_(&format), cursor_{range} {}

bool VisitExport::Next(VisitReader& store, std::string& text) {
  if (!has_begun_) text += format_->head;
  has_begun_ = true;
  for (const LoggedVisit& visit : store.ReadNext(cursor_)) {
    if (visits_++ > 0) text += format_->separator;
    format_->append(visit, text);
  }
  if (cursor_.is_over) text += format_->foot(visits_);
  return !cursor_.is_over;
}

void StreamVisits(VisitReader& store, const ScanRange& range, const ExportFormat& format, const WriteBody& write) {
  VisitExport visits(range, format);
  std::string text;
  bool has_more = true;
  while (has_more) {
    text.clear();
    has_more = visits.Next(store, text);
    if (!write(text)) return;
  }
}

}  // namespace page_count
