// JSON read incrementally, as a pull parser does: a bracket or comma at a time, and a whole value if
// it is small. Memory does not grow with the text, nor does the stack with its depth.
//
// Positions are between tokens. One thread; throws what `read` throws. Beside json.h the one place that knows the JSON
// library.
#ifndef PAGE_COUNT_HTTP_JSON_STREAM_H_
#define PAGE_COUNT_HTTP_JSON_STREAM_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace page_count {

class JsonStream {
 public:
  // Returns how many bytes it got, 0 at the end only.
  using ReadBytes = std::function<size_t(char* to, size_t size)>;
  // Whether the text seems to end with the line it is in, until SkipLine.
  enum class Lines { kWhiteSpace, kEndText };

  JsonStream(ReadBytes read, Lines lines);
  ~JsonStream();

  // What comes next after white space, a NUL at the end.
  char Next();
  // Passes over it if it is that.
  bool Take(char wanted);
  // UTF-8's, which some programs put before each file.
  void TakeByteOrderMark();
  // Whether nothing but white space is left, of the line if that ends the text; and of all of it.
  bool IsAtEnd();
  bool IsAtEndOfAll();
  // Goes on at the next line.
  void SkipLine();
  // What comes next and was read already, perhaps nothing. Valid until another call, but PassLine.
  std::string_view PeekRead() const;
  // Passes over so many bytes of it: a line with its end.
  void PassLine(size_t bytes);

  // Reads a value; the text of a string into `text`. kNone if it is no JSON, or no UTF-8: see fault().
  enum class Kind { kText, kNull, kOther, kNone };
  Kind ReadValue(std::string& text);
  const std::string& fault() const;

  // The next line's number, from 1 on.
  size_t line() const;
  // Values longer than kMaxBytes after this are refused.
  void BeginRecord();
  static constexpr size_t kMaxBytes = 4U << 20;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_HTTP_JSON_STREAM_H_
