#include "worker/endpoints/export_format.h"

#include <array>
#include <utility>

#include "worker/endpoints/figures.h"
#include "worker/http/json.h"

namespace page_count {
namespace {

void AppendJson(const VisitFields& fields, const LoggedVisit& visit, std::string& text) {
  JsonWriter json;
  json.StartObject();
  fields.ForEach(visit, [&json](std::string_view name, std::string_view value) { json.Member(name, value); });
  json.EndObject();
  text += json.Take();
}

void AppendJsonLine(const VisitFields& fields, const LoggedVisit& visit, std::string& text) {
  AppendJson(fields, visit, text);
  text += '\n';
}

void AppendCsv(const VisitFields& fields, const LoggedVisit& visit, std::string& text) {
  const size_t start = text.size();
  bool is_first = true;
  fields.ForEach(visit, [&](std::string_view, std::string_view value) {
    if (!is_first) text += ',';
    is_first = false;
    AppendCsvField(value, text);
  });
  if (text.size() == start) text += "\"\"";  // an empty line is no record
  text += "\r\n";
}

std::string CsvHead(const VisitFields& fields) {
  std::string head;
  fields.ForEachName([&head](std::string_view name) { head.append(head.empty() ? "" : ",").append(name); });
  return head + "\r\n";
}

std::string JsonHead(const VisitFields&) { return "{\"visits\":["; }
std::string NoHead(const VisitFields&) { return {}; }
std::string NoFoot(int64_t, std::optional<int64_t>) { return {}; }

std::string JsonFoot(int64_t visits, std::optional<int64_t> next) {
  std::string foot = "],\"total_count\":\"" + WithSeparators(visits) + '"';
  if (next) foot += ",\"next\":\"" + std::to_string(*next) + '"';
  return foot + '}';
}

constexpr std::array<ExportFormat, 3> kFormats = {{
    {"json", "application/json", JsonHead, ",", AppendJson, JsonFoot},
    {"jsonl", "application/jsonl", NoHead, "", AppendJsonLine, NoFoot},
    {"csv", "text/csv; charset=utf-8", CsvHead, "", AppendCsv, NoFoot},
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
  if (!quoted) {
    text += field;
    return;
  }
  for (const char c : field) {
    if (c == '"') text += '"';
    text += c;
  }
  text += '"';
}

const ExportFormat* FindExportFormat(std::string_view name) {
  for (const ExportFormat& format : kFormats) {
    if (format.name == name) return &format;
  }
  return nullptr;
}

VisitExport::VisitExport(const ScanRange& range, const ExportFormat& format, VisitFields fields)
    : format_(&format), fields_(std::move(fields)), cursor_{range} {
  cursor_.left.attributes = fields_.attributes();
  cursor_.left.wants_titles = fields_.wants_titles();
}

// Without the limit from now on: it has settled the end, and visits that are imported before that must not push others
// beyond it.
int64_t VisitExport::SettleEnd(VisitReader& store) {
  end_ = store.FindEnd(cursor_.left);
  cursor_.left.up_to = end_;
  cursor_.left.limit.reset();
  return *end_;
}

bool VisitExport::Next(VisitReader& store, std::string& text) {
  if (!has_begun_) text += format_->head(fields_);
  has_begun_ = true;
  for (const LoggedVisit& visit : store.ReadNext(cursor_)) {
    if (visits_++ > 0) text += format_->separator;
    format_->append(fields_, visit, text);
  }
  if (cursor_.is_over) text += format_->foot(visits_, end_);
  return !cursor_.is_over;
}

void StreamVisits(VisitReader& store, VisitExport visits, const WriteBody& write) {
  std::string text;
  bool has_more = true;
  while (has_more) {
    text.clear();
    has_more = visits.Next(store, text);
    if (!write(text)) return;
  }
}

}  // namespace page_count
