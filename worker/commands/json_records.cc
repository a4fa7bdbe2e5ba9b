#include "worker/commands/json_records.h"

#include <utility>

#include "worker/commands/plain_json.h"

namespace page_count {
namespace {

using Kind = JsonStream::Kind;

enum Field { kUrl, kIp, kUserAgent, kTimestamp, kSource, kReferrer };
constexpr std::array<std::string_view, 6> kFields = {"url", "ip", "user_agent", "timestamp", "source", "referrer"};

}  // namespace

JsonRecords::JsonRecords(ReadBytes read, Form form)
    : json_(std::move(read), form == Form::kLines ? JsonStream::Lines::kEndText : JsonStream::Lines::kWhiteSpace),
      form_(form) {}

std::string JsonRecords::Place() const {
  std::string place = "line " + std::to_string(line_);
  if (form_ == Form::kDocuments) place += ", visit " + std::to_string(number_);
  return place;
}

RecordReader::Status JsonRecords::Next(VisitRecord& record) {
  return form_ == Form::kLines ? NextLine(record) : NextInDocuments(record);
}

RecordReader::Status JsonRecords::NextLine(VisitRecord& record) {
  for (;; json_.SkipLine()) {
    json_.BeginRecord();
    line_ = json_.line();
    if (ReadPlainLine()) return Give(record);
    json_.TakeByteOrderMark();
    if (json_.IsAtEndOfAll()) return Status::kEnd;
    if (json_.IsAtEnd()) continue;  // a blank line
    Members read = ReadObject();
    if (read == Members::kUpToVisits) read = Broken("a list of visits inside a file with a visit a line");
    if (read == Members::kAll && !json_.IsAtEnd()) read = Broken("the line goes on after its object");
    json_.SkipLine();
    return read == Members::kAll ? Give(record) : Status::kRefused;
  }
}

bool JsonRecords::ReadPlainLine() {
  const std::string_view read = json_.PeekRead();
  PlainJson line(read);
  if (!line.Take('{')) return false;
  for (Member& member : members_) member.kind = Kind::kNone;
  do {
    std::string_view name;
    std::string_view text;
    if (!line.TakeText(name) || !line.Take(':')) return false;
    const Kind kind = line.TakeValue(text);
    if (kind == Kind::kNone) return false;
    if (Member* const member = Find(name); member != nullptr) {
      member->kind = kind;
      member->text = text;
    }
  } while (line.Take(','));
  if (!line.Take('}') || !line.Take('\n')) return false;
  json_.PassLine(read.size() - line.rest().size());
  return true;
}

RecordReader::Status JsonRecords::NextInDocuments(VisitRecord& record) {
  while (where_ == Where::kTop) {
    json_.BeginRecord();
    json_.TakeByteOrderMark();
    if (json_.IsAtEnd()) return Status::kEnd;
    line_ = json_.line();
    is_first_ = true;
    if (json_.Take('[')) {
      where_ = Where::kArray;
      break;
    }
    ++number_;
    const Members read = ReadObject();
    if (read == Members::kNotJson) return Recover();
    if (read == Members::kAll) return Give(record);
    --number_;
    where_ = Where::kVisits;
  }
  return NextInArray(record);
}

RecordReader::Status JsonRecords::NextInArray(VisitRecord& record) {
  json_.BeginRecord();
  const char next = json_.Next();
  line_ = json_.line();
  if (json_.Take(']')) {
    const bool is_in_object = std::exchange(where_, Where::kTop) == Where::kVisits;
    if (is_in_object && !json_.Take('}')) {
      const Members read = json_.Take(',') ? ReadMembers() : Broken("no comma or } after the visits");
      if (read == Members::kNotJson) return Recover();
      if (read == Members::kUpToVisits) where_ = Where::kVisits;
    }
    is_first_ = true;
    return NextInDocuments(record);
  }
  if (next == '\0' && json_.IsAtEnd()) {
    where_ = Where::kTop;
    ++number_;
    fault_ = "the JSON document ends in its middle; is the file whole?";
    return Status::kRefused;
  }
  ++number_;
  if (!std::exchange(is_first_, false) && !json_.Take(',')) {
    fault_ = "no comma after the visit before";
    return Recover();
  }
  json_.Next();
  line_ = json_.line();
  return ReadObject() == Members::kAll ? Give(record) : Recover();
}

JsonRecords::Members JsonRecords::ReadObject() {
  if (!json_.Take('{')) return Broken("no JSON object");
  for (Member& member : members_) member.kind = Kind::kNone;
  return json_.Take('}') ? Members::kAll : ReadMembers();
}

JsonRecords::Members JsonRecords::ReadMembers() {
  do {
    if (json_.Next() != '"') return Broken("a name in quotes is missing");
    if (json_.ReadValue(name_) == Kind::kNone) return Broken(json_.fault());
    if (!json_.Take(':')) return Broken("no colon after a name");
    if (where_ == Where::kTop && name_ == "visits" && json_.Take('[')) return Members::kUpToVisits;
    Member* const member = Find(name_);
    const Kind kind = json_.ReadValue(member != nullptr ? member->kept : ignored_);
    if (kind == Kind::kNone) return Broken(json_.fault());
    if (member == nullptr) continue;
    member->kind = kind;
    member->text = member->kept;
  } while (json_.Take(','));
  return json_.Take('}') ? Members::kAll : Broken("no comma or } after a value");
}

JsonRecords::Member* JsonRecords::Find(std::string_view name) {
  for (size_t i = 0; i < kFields.size(); ++i) {
    if (name == kFields[i]) return &members_[i];
  }
  return name == "ip_address" ? &members_[kIp] : nullptr;
}

RecordReader::Status JsonRecords::Give(VisitRecord& record) {
  for (size_t i = 0; i < kFields.size(); ++i) {
    Member& member = members_[i];
    if (member.kind == Kind::kText) continue;
    const bool may_be_missing = i == kSource || i == kReferrer;
    const bool may_be_null = may_be_missing || i == kUserAgent;
    if (member.kind == Kind::kNull ? !may_be_null : member.kind != Kind::kNone || !may_be_missing) {
      fault_ = "the object has no text " + std::string(kFields[i]);
      return Status::kRefused;
    }
    member.text = {};
  }
  const auto text = [this](Field field) { return members_[field].text; };
  record = {text(kUrl), text(kIp), text(kUserAgent), text(kTimestamp), {}, text(kReferrer)};
  if (members_[kSource].kind == Kind::kText) record.source = text(kSource);
  return Status::kRecord;
}

RecordReader::Status JsonRecords::Recover() {
  is_first_ = true;
  while (json_.line() == line_ || json_.Next() != '{') {
    const size_t line = json_.line();
    json_.SkipLine();
    if (json_.line() > line) continue;
    if (where_ != Where::kTop) fault_ += "; nothing after it can be read";
    where_ = Where::kTop;
    break;
  }
  return Status::kRefused;
}

JsonRecords::Members JsonRecords::Broken(std::string fault) {
  fault_ = "no valid JSON: " + std::move(fault);
  return Members::kNotJson;
}

}  // namespace page_count
