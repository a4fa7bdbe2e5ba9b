// The visits of JSON text: an object a line, or documents, which are objects one after the other, arrays of them, and
// what /all-visits returns, {"visits": [...], "total_count": "..."}. Objects have url, ip (or ip_address), user_agent
// and timestamp, and may have source and referrer; other members are passed over.
//
// What is no JSON spoils its line, and in a document what follows it up to the next line that begins with an object.
// See record_reader.h.
#ifndef PAGE_COUNT_COMMANDS_JSON_RECORDS_H_
#define PAGE_COUNT_COMMANDS_JSON_RECORDS_H_

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "worker/commands/record_reader.h"
#include "worker/http/json_stream.h"

namespace page_count {

class JsonRecords final : public RecordReader {
 public:
  enum class Form { kLines, kDocuments };

  JsonRecords(ReadBytes read, Form form);

  Status Next(VisitRecord& record) override;
  std::string Place() const override;
  const std::string& Fault() const override { return fault_; }

 private:
  enum class Where { kTop, kArray, kVisits };          // in a document, between two of its objects
  enum class Members { kAll, kUpToVisits, kNotJson };  // of an object, what was read
  struct Member {
    std::string_view text;
    JsonStream::Kind kind = JsonStream::Kind::kNone;  // kNone: not there
    std::string kept;                                 // the text, unless it is where it was read
  };

  Status NextLine(VisitRecord& record);
  // Whether the line is an object as most programs write it, and was read.
  bool ReadPlainLine();
  Status NextInDocuments(VisitRecord& record);
  Status NextInArray(VisitRecord& record);
  Members ReadObject();
  Members ReadMembers();
  // A record of the object that was read, if it has what it needs.
  Status Give(VisitRecord& record);
  Status Recover();
  Members Broken(std::string fault);
  Member* Find(std::string_view name);

  JsonStream json_;
  Form form_;
  Where where_ = Where::kTop;
  bool is_first_ = true;  // in its array
  std::string name_;
  std::string ignored_;
  std::array<Member, 6> members_;
  size_t line_ = 0;
  int64_t number_ = 0;  // of the visit
  std::string fault_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_COMMANDS_JSON_RECORDS_H_
