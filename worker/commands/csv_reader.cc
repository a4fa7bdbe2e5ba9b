#include "worker/commands/csv_reader.h"

#include <algorithm>
#include <cstring>

namespace page_count {
namespace {

constexpr size_t kBlockBytes = 1U << 20;
constexpr size_t kMaxRecordBytes = 4U << 20;

}  // namespace

CsvReader::Status CsvReader::Next(std::vector<std::string_view>& fields) {
  for (;;) {
    fields.clear();
    unescaped_.clear();
    size_t at = record_;
    Field end = at < buffer_.size() ? Field::kEndsField : Field::kIncomplete;
    while (end == Field::kEndsField) end = ReadField(at, fields.emplace_back());
    line_ = lines_read_ + 1;
    if (end == Field::kTextAfterQuote) return Skipped(Status::kTextAfterQuote);
    if (end == Field::kEndsRecord) {
      lines_read_ += static_cast<size_t>(std::count(buffer_.begin() + static_cast<std::ptrdiff_t>(record_),
                                                    buffer_.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
      record_ = at;
      return Status::kRecord;
    }
    if (at_end_) return fields.empty() ? Status::kEnd : Skipped(Status::kQuoteWithoutEnd);
    if (buffer_.size() - record_ > kMaxRecordBytes) return Skipped(Status::kTooLong);
    at_end_ = !Refill();
  }
}

bool CsvReader::Refill() {
  buffer_.erase(0, record_);
  record_ = 0;
  const size_t kept = buffer_.size();
  buffer_.resize(kept + kBlockBytes);
  size_t got = 0;
  try {
    got = read_(buffer_.data() + kept, kBlockBytes);
  } catch (...) {
    buffer_.resize(kept);
    throw;
  }
  buffer_.resize(kept + got);
  return got > 0;
}

CsvReader::Status CsvReader::Skipped(Status status) {
  for (;;) {
    const size_t end = buffer_.find('\n', record_);
    record_ = end == buffer_.npos ? buffer_.size() : end + 1;
    if (end != buffer_.npos) break;
    at_end_ = !Refill();
    if (at_end_) return status;
  }
  ++lines_read_;
  return status;
}

CsvReader::Field CsvReader::ReadField(size_t& at, std::string_view& field) {
  if (at < buffer_.size() && buffer_[at] == '"') return ReadQuoted(at, field);
  const size_t start = at;
  at = std::min(buffer_.find_first_of(",\n", at), buffer_.size());
  field = std::string_view(buffer_).substr(start, at - start);
  if (at < buffer_.size() && buffer_[at] == '\n' && field.ends_with('\r')) field.remove_suffix(1);
  return ReadEnd(at);
}

CsvReader::Field CsvReader::ReadQuoted(size_t& at, std::string_view& field) {
  std::string* unescaped = nullptr;
  for (size_t start = ++at;; start = ++at) {
    at = buffer_.find('"', start);
    if (at == buffer_.npos) return Field::kIncomplete;
    field = std::string_view(buffer_).substr(start, at - start);
    const bool is_doubled = at + 1 < buffer_.size() && buffer_[at + 1] == '"';
    if (is_doubled && unescaped == nullptr) unescaped = &unescaped_.emplace_back();
    if (unescaped != nullptr) field = unescaped->append(field);
    if (!is_doubled) break;
    unescaped->push_back('"');
    ++at;
  }
  ++at;
  if (at < buffer_.size() && buffer_[at] == '\r') ++at;
  return ReadEnd(at);
}

CsvReader::Field CsvReader::ReadEnd(size_t& at) const {
  if (at >= buffer_.size()) return at_end_ ? Field::kEndsRecord : Field::kIncomplete;
  const char end = buffer_[at++];
  return end == ',' ? Field::kEndsField : end == '\n' ? Field::kEndsRecord : Field::kTextAfterQuote;
}

}  // namespace page_count
