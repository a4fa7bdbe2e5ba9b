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

// Undoes what the export does to a field that a spreadsheet would run as a formula.
std::string_view WithoutFormulaQuote(std::string_view field) {
  const bool is_quoted = field.size() > 1 && field[0] == '\'' && kFormulaStarts.find(field[1]) != kFormulaStarts.npos;
  return field.substr(is_quoted ? 1 : 0);
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
  csv_.reset();
  const auto first = file_.peek();
  RequireReadable();
  file_.clear();
  if (first == '{' || first == std::ifstream::traits_type::eof()) return;
  csv_.emplace(file_);
  ReadCsvHead();
}

std::vector<LoggedVisit> VisitFile::Read(size_t most) {
  std::vector<LoggedVisit> visits;
  LoggedVisit visit;
  while (visits.size() < most && ReadVisit(visit)) visits.push_back(std::move(visit));
  return visits;
}

void VisitFile::CheckRest() {
  LoggedVisit visit;
  while (ReadVisit(visit)) {
  }
}

bool VisitFile::ReadVisit(LoggedVisit& visit) {
  if (!csv_) return ReadJsonLine(visit);
  if (!ReadCsvRecord()) return false;
  Values values;
  for (size_t i = 0; i < kFields.size(); ++i) {
    if (columns_[i] >= fields_.size()) Refuse("the record has no " + std::string(kFields[i]));
    values[i] = WithoutFormulaQuote(fields_[columns_[i]]);
  }
  MakeVisit(values, visit);
  return true;
}

bool VisitFile::ReadJsonLine(LoggedVisit& visit) {
  std::string line;
  do {
    if (!std::getline(file_, line)) {
      RequireReadable();
      return false;
    }
    ++line_;
  } while (line.empty() || line == "\r");
  const auto document = JsonDocument::Parse(line);
  if (!document || !document->root().IsObject()) Refuse("no JSON object in UTF-8");
  std::array<std::string, kFields.size()> texts;
  Values values;
  for (size_t i = 0; i < kFields.size(); ++i) {
    const auto member = document->root().Member(kFields[i]);
    if (!member || !member->Text()) Refuse("the object has no text " + std::string(kFields[i]));
    values[i] = texts[i] = *member->Text();
  }
  MakeVisit(values, visit);
  return true;
}

void VisitFile::MakeVisit(const Values& values, LoggedVisit& visit) {
  const auto& [url, ip, user_agent, timestamp] = values;
  if (ip.empty() || ip.size() > kMaxIpBytes) Refuse("ip is empty or too long");
  visit.url = CanonicalUrl(url);
  visit.ip = ip;
  visit.user_agent = CleanUserAgent(user_agent);
  visit.at = Time(timestamp);
}

bool VisitFile::ReadCsvRecord() {
  const auto status = csv_->Next(fields_);
  line_ = csv_->line();
  if (status == CsvReader::Status::kQuoteWithoutEnd) Refuse("a quoted field has no end");
  if (status == CsvReader::Status::kTooLong) Refuse("a record has no end; is a quote missing?");
  if (status == CsvReader::Status::kTextBehindQuote) Refuse("a quoted field goes on behind its quote");
  RequireReadable();
  return status == CsvReader::Status::kRecord;
}

void VisitFile::RequireReadable() const {
  if (file_.bad()) throw std::runtime_error("cannot read " + path_ + ": " + std::strerror(errno));
}

void VisitFile::ReadCsvHead() {
  ReadCsvRecord();
  const auto& names = fields_;
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

std::string VisitFile::CanonicalUrl(std::string_view text) const {
  const auto url = TrackedUrl::Parse(text);
  if (!url) Refuse(url.error().message);
  return url->text();
}

UtcTime VisitFile::Time(std::string_view text) {
  if (!text.empty() && text == last_time_.first) return last_time_.second;
  const auto time = ParseUtcTime(text);
  if (!time) Refuse("timestamp '" + std::string(text.substr(0, 40)) + "' is no time like 2025-09-14 10:30:00");
  if (*time > now_) Refuse("timestamp '" + std::string(text) + "' lies in the future");
  last_time_ = {std::string(text), *time};
  return *time;
}

void VisitFile::Refuse(const std::string& reason) const {
  throw std::runtime_error(path_ + " line " + std::to_string(line_) + ": " + reason);
}

}  // namespace page_count
