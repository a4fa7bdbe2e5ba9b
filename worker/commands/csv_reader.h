// Reads records of comma-separated values (RFC 4180), a large block of text at a time.
//
// Fields are views into the reader, valid until the next call. A record may go over several lines; memory grows with
// the longest record only. A quote inside a field that does not start with one is a character like any other. After a
// record that is none the next call begins at the next line: a quote too many spoils one line. One thread.
#ifndef PAGE_COUNT_COMMANDS_CSV_READER_H_
#define PAGE_COUNT_COMMANDS_CSV_READER_H_

#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "worker/commands/record_reader.h"

namespace page_count {

class CsvReader {
 public:
  explicit CsvReader(ReadBytes read) : read_(std::move(read)) {}

  enum class Status { kRecord, kEnd, kQuoteWithoutEnd, kTextAfterQuote, kTooLong };
  Status Next(std::vector<std::string_view>& fields);
  // On which line the last record began, from 1 on.
  size_t line() const { return line_; }

 private:
  enum class Field { kEndsField, kEndsRecord, kIncomplete, kTextAfterQuote };

  bool Refill();
  // Goes on after the record's first line.
  Status Skipped(Status status);
  Field ReadField(size_t& at, std::string_view& field);
  Field ReadQuoted(size_t& at, std::string_view& field);
  Field ReadEnd(size_t& at) const;

  ReadBytes read_;
  std::string buffer_;
  size_t record_ = 0;  // the offset at which the next record starts
  bool at_end_ = false;
  std::deque<std::string> unescaped_;  // fields that hold doubled quotes
  size_t line_ = 0;
  size_t lines_read_ = 0;
};

}  // namespace page_count

#endif  // PAGE_COUNT_COMMANDS_CSV_READER_H_
