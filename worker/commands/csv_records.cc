#include "worker/commands/csv_records.h"

#include <algorithm>
#include <array>

#include "worker/base/ascii.h"
#include "worker/endpoints/export_format.h"

namespace page_count {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

std::string_view WithoutSpaces(std::string_view text) {
  const size_t start = std::min(text.find_first_not_of(" \t"), text.size());
  return text.substr(start, text.find_last_not_of(" \t") + 1 - start);
}

const char* FaultOf(CsvReader::Status status) {
  switch (status) {
    case CsvReader::Status::kQuoteWithoutEnd:
      return "a quoted field has no end";
    case CsvReader::Status::kTooLong:
      return "a record has no end; is a quote missing?";
    default:
      return "a quoted field goes on after its quote";
  }
}

}  // namespace

RecordReader::Status CsvRecords::Next(VisitRecord& record) {
  for (;;) {
    const auto status = csv_.Next(fields_);
    if (status == CsvReader::Status::kEnd) return Status::kEnd;
    const bool is_record = status == CsvReader::Status::kRecord;
    if (is_record && IsBlank()) continue;
    if (const auto header = is_record ? ReadHeader() : std::nullopt) {
      columns_ = header;
      continue;
    }
    if (!columns_) {
      throw RecordError(Place() + ": neither JSON nor CSV with a header that names url, ip, user_agent and timestamp");
    }
    if (!is_record) fault_ = FaultOf(status);
    if (!is_record || !IsComplete()) return Status::kRefused;
    record = {
        Field(columns_->url), Field(columns_->ip), Field(columns_->user_agent), Field(columns_->timestamp), {}, {}};
    if (columns_->source < columns_->count) record.source = Field(columns_->source);
    if (columns_->referrer < columns_->count) record.referrer = Field(columns_->referrer);
    return Status::kRecord;
  }
}

std::optional<CsvRecords::Columns> CsvRecords::ReadHeader() const {
  const auto column = [this](std::string_view name) {
    for (size_t i = 0; i < fields_.size(); ++i) {
      std::string_view field = fields_[i];
      if (i == 0 && field.starts_with(kByteOrderMark)) field.remove_prefix(kByteOrderMark.size());
      if (EqualsIgnoringCase(WithoutSpaces(field), name)) return i;
    }
    return fields_.size();
  };
  Columns columns{column("url"), 0, 0, 0, column("source"), column("referrer"), fields_.size(), true};
  if (columns.url == columns.count) return std::nullopt;  // as all records but a header
  columns.ip = column("ip");
  columns.is_ours = columns.ip < columns.count;
  if (!columns.is_ours) columns.ip = column("ip_address");
  columns.user_agent = column("user_agent");
  columns.timestamp = column("timestamp");
  const size_t last = std::max({columns.ip, columns.user_agent, columns.timestamp});
  return last < columns.count ? std::optional(columns) : std::nullopt;
}

// Spreadsheets write the commas of an empty row too.
bool CsvRecords::IsBlank() const {
  return std::all_of(fields_.begin(), fields_.end(), [](std::string_view field) {
    return field.find_first_not_of(" \t\r") == field.npos || field == kByteOrderMark;
  });
}

bool CsvRecords::IsComplete() {
  if (fields_.size() < columns_->count) {
    fault_ = "the record has " + std::to_string(fields_.size()) + " of the header's " +
             std::to_string(columns_->count) + " fields";
    return false;
  }
  const auto extra = fields_.begin() + static_cast<std::ptrdiff_t>(columns_->count);
  if (std::all_of(extra, fields_.end(), [](std::string_view field) { return field.empty(); })) return true;
  fault_ = "the record has " + std::to_string(fields_.size()) + " fields, the header " +
           std::to_string(columns_->count) + "; is one that holds a comma not quoted?";
  return false;
}

// Undoes what the export does to a formula. Others' files are taken as they are.
std::string_view CsvRecords::Field(size_t column) const {
  const std::string_view field = fields_[column];
  return field.substr(columns_->is_ours && field.starts_with('\'') && IsCsvFormula(field) ? 1 : 0);
}

}  // namespace page_count
