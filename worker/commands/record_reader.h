// Reads one record after the other out of a file of visits, whatever its format. A record that cannot be read is
// refused with the reason, and the next one is read all the same.
//
// A record's texts are as they are in the file, unchecked, and valid until the next one. Memory grows with the
// longest record, and that is bounded. One thread. Throws InputError if the input cannot be read, RecordError if it is
// no file of visits at all.
#ifndef PAGE_COUNT_COMMANDS_RECORD_READER_H_
#define PAGE_COUNT_COMMANDS_RECORD_READER_H_

#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace page_count {

// As InputText::Read.
using ReadBytes = std::function<size_t(char* to, size_t size)>;

struct VisitRecord {
  std::string_view url;
  std::string_view ip;
  std::string_view user_agent;
  std::string_view timestamp;
  std::optional<std::string_view> source;  // as source.h has it; nullopt if the file does not tell
  std::string_view referrer;               // empty if there is none
};

class RecordError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

class RecordReader {
 public:
  enum class Status { kRecord, kRefused, kEnd };

  virtual ~RecordReader() = default;
  virtual Status Next(VisitRecord& record) = 0;
  // Of the last record: where it is ("line 3"), and why it is refused.
  virtual std::string Place() const = 0;
  virtual const std::string& Fault() const = 0;
};

}  // namespace page_count

#endif  // PAGE_COUNT_COMMANDS_RECORD_READER_H_
