// Reads JSON as most programs write it: texts in ASCII without escapes, numbers that are whole, null.
//
// What is anything else it does not take, right or wrong: a JsonStream has to read that. Its texts are views into the
// text. One thread.
#ifndef PAGE_COUNT_COMMANDS_PLAIN_JSON_H_
#define PAGE_COUNT_COMMANDS_PLAIN_JSON_H_

#include <cstddef>
#include <string_view>

#include "worker/http/json_stream.h"

namespace page_count {

class PlainJson {
 public:
  explicit PlainJson(std::string_view text) : at_(text.data()), end_(text.data() + text.size()) {}

  // After white space each, which goes no further than a line. Passes over that character, if it comes next.
  bool Take(char wanted);
  bool TakeText(std::string_view& text);
  // kNone if it took none; only kText has a text.
  JsonStream::Kind TakeValue(std::string_view& text);
  // After what was taken.
  std::string_view rest() const { return {at_, static_cast<size_t>(end_ - at_)}; }

 private:
  void PassSpaces();

  const char* at_;
  const char* end_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_COMMANDS_PLAIN_JSON_H_
