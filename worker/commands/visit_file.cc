#include "worker/commands/visit_file.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>

#include "worker/endpoints/export_format.h"
#include "worker/http/json.h"
#include "worker/visits/user_agent.h"

namespace page_count {
namespace {

constexpr std::array<const char*, 4> kFields = {"url", "ip", "user_agent", "timestamp"};
constexpr size_t kMaxIpBytes = 64;
constexpr size_t kRememberedUrls = 65'536;

// Undoes what the export does to a field that a spreadsheet would run as a formula.
void UnquoteFormula(std::string& field) {
  if (field.size() > 1 && field[0] == '\'' && kFormulaStarts.find(field[1]) != kFormulaStarts.npos) {
    field.erase(0, 1);
  }
}

}  // namespace

VisitFile::VisitFile(const std::string& path, UtcTime now) : path_(path), now_(now), file_(path, std::ios::binary) {
  if (!file_) throw std::runtime_error("cannot open " + path + ": " + std::strerror(errno));
  Rewind();
}

void VisitFile::Rewind() {
  file_.clear();
  file_.seekg(0);
  line_ = 0;
  is_csv_ = file_.peek() != '{' && file_.peek() != std::ifstream::traits_type::eof();
  file_.clear();
  if (is_csv_) ReadCsvHead();
}

std::vector<LoggedVisit> VisitFile::Read(size_t most) {
  std::vector<LoggedVisit> visits;
  LoggedVisit visit;
  while (visits.size() < most && ReadVisit(visit)) visits.push_back(std::move(visit));
  return visits;
}

bool VisitFile::ReadVisit(LoggedVisit& visit) {
  if (!is_csv_) return ReadJsonLine(visit);
  std::vector<std::string> fields;
  if (!ReadCsvRecord(fields)) return false;
  Values values;
  for (size_t i = 0; i < kFields.size(); ++i) {
    if (columns_[i] >= fields.size()) Refuse("the record has no " + std::string(kFields[i]));
    values[i] = std::move(fields[columns_[i]]);
    UnquoteFormula(values[i]);
  }
  visit = MakeVisit(values);
  return true;
}

bool VisitFile::ReadJsonLine(LoggedVisit& visit) {
  std::string line;
  do {
    if (!std::getline(file_, line)) return false;
    ++line_;
  } while (line.empty() || line == "\r");
  const auto document = JsonDocument::Parse(line);
  if (!document || !document->root().IsObject()) Refuse("no JSON object in UTF-8");
  Values values;
  for (size_t i = 0; i < kFields.size(); ++i) {
    const auto member = document->root().Member(kFields[i]);
    if (!member || !member->Text()) Refuse("the object has no text " + std::string(kFields[i]));
    values[i] = *member->Text();
  }
  visit = MakeVisit(values);
  return true;
}

LoggedVisit VisitFile::MakeVisit(const Values& values) {
  const auto& [url, ip, user_agent, timestamp] = values;
  if (ip.empty() || ip.size() > kMaxIpBytes) Refuse("ip is empty or too long");
  return {CanonicalUrl(url), ip, CleanUserAgent(user_agent), Time(timestamp)};
}

// RFC 4180; a record may go over several lines. False at the end of the file.
bool VisitFile::ReadCsvRecord(std::vector<std::string>& fields) {
  std::streambuf& in = *file_.rdbuf();
  constexpr int kEnd = std::char_traits<char>::eof();
  if (in.sgetc() == kEnd) return false;
  ++line_;
  fields.assign(1, {});
  bool quoted = false;
  for (int c = in.sbumpc(); c != kEnd; c = in.sbumpc()) {
    if (quoted && c == '"' && in.sgetc() == '"') {
      fields.back().push_back(static_cast<char>(in.sbumpc()));
    } else if (c == '"' && (quoted || fields.back().empty())) {
      quoted = !quoted;
    } else if (quoted) {
      fields.back().push_back(static_cast<char>(c));
      line_ += c == '\n' ? 1 : 0;
    } else if (c == ',') {
      fields.emplace_back();
    } else if (c == '\n') {
      break;
    } else if (c != '\r' || in.sgetc() != '\n') {
      fields.back().push_back(static_cast<char>(c));
    }
  }
  if (quoted) Refuse("a quoted field has no end");
  return true;
}

void VisitFile::ReadCsvHead() {
  std::vector<std::string> names;
  ReadCsvRecord(names);
  columns_.clear();
  for (const char* field : kFields) {
    const auto at = std::find(names.begin(), names.end(), field);
    if (at == names.end()) {
      Refuse("neither JSON Lines nor CSV with the header url,ip,user_agent,timestamp (" + std::string(field) +
             " is missing)");
    }
    columns_.push_back(static_cast<size_t>(at - names.begin()));
  }
}

std::string VisitFile::CanonicalUrl(const std::string& text) {
  if (const auto known = canonical_.find(text); known != canonical_.end()) return known->second;
  auto url = TrackedUrl::Parse(text);
  if (!url) Refuse(url.error().message);
  if (canonical_.size() >= kRememberedUrls) canonical_.clear();
  return canonical_.emplace(text, url->text()).first->second;
}

UtcTime VisitFile::Time(const std::string& text) {
  if (text == last_time_.first) return last_time_.second;
  const auto time = ParseUtcTime(text);
  if (!time) Refuse("timestamp '" + text.substr(0, 40) + "' is no time like 2025-09-14 10:30:00");
  if (*time > now_) Refuse("timestamp '" + text + "' lies in the future");
  last_time_ = {text, *time};
  return *time;
}

void VisitFile::Refuse(const std::string& reason) const {
  throw std::runtime_error(path_ + " line " + std::to_string(line_) + ": " + reason);
}

}  // namespace page_count
