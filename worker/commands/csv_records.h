// The visits of a CSV file, in whatever order its header names the columns: as /all-visits writes it, or any other
// program that knows url, ip (or ip_address), user_agent and timestamp, perhaps source or referrer.
//
// Passes over blank lines, and over further headers: files may have been put together. See record_reader.h.
#ifndef PAGE_COUNT_COMMANDS_CSV_RECORDS_H_
#define PAGE_COUNT_COMMANDS_CSV_RECORDS_H_

#include <optional>
#include <string>
#include <vector>

#include "worker/commands/csv_reader.h"

namespace page_count {

class CsvRecords final : public RecordReader {
 public:
  explicit CsvRecords(ReadBytes read) : csv_(std::move(read)) {}

  Status Next(VisitRecord& record) override;
  std::string Place() const override { return "line " + std::to_string(csv_.line()); }
  const std::string& Fault() const override { return fault_; }

 private:
  struct Columns {
    size_t url;
    size_t ip;
    size_t user_agent;
    size_t timestamp;
    size_t source;    // count if there is none
    size_t referrer;  // count if there is none
    size_t count;
    bool is_ours;  // formulas are quoted
  };

  std::optional<Columns> ReadHeader() const;
  bool IsBlank() const;
  bool IsComplete();
  std::string_view Field(size_t column) const;

  CsvReader csv_;
  std::vector<std::string_view> fields_;
  std::optional<Columns> columns_;
  std::string fault_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_COMMANDS_CSV_RECORDS_H_
