// The bytes of a FastCGI request, as nginx sends one, and what ends its answer.
#ifndef PAGE_COUNT_TESTS_UNIT_FASTCGI_REQUEST_H_
#define PAGE_COUNT_TESTS_UNIT_FASTCGI_REQUEST_H_

#include <algorithm>
#include <string>
#include <string_view>

namespace page_count {

// The records of the FastCGI specification that a request and its answer are made of.
enum class FastCgiRecord : char { kBeginRequest = 1, kEndRequest = 3, kParams = 4, kStdin = 5, kStdout = 6 };

inline std::string Record(FastCgiRecord type, std::string_view content) {
  const auto byte = [](size_t number) { return static_cast<char>(number & 0xff); };
  std::string record{1, static_cast<char>(type), 0, 1, byte(content.size() >> 8), byte(content.size()), 0, 0};
  return record.append(content);
}

inline std::string Parameter(std::string_view name, std::string_view value) {
  std::string parameter{static_cast<char>(name.size()), static_cast<char>(value.size())};
  return parameter.append(name).append(value);
}

inline std::string RequestBytes(std::string_view method, std::string_view path, std::string_view body,
                                bool keep_connection = true) {
  constexpr size_t kLongestContent = 60'000;
  using enum FastCgiRecord;
  const std::string responder{0, 1, static_cast<char>(keep_connection), 0, 0, 0, 0, 0};
  std::string request = Record(kBeginRequest, responder);
  request += Record(kParams, Parameter("REQUEST_METHOD", method) + Parameter("DOCUMENT_URI", path));
  request += Record(kParams, {});
  for (; !body.empty(); body.remove_prefix(std::min(body.size(), kLongestContent))) {
    request += Record(kStdin, body.substr(0, kLongestContent));
  }
  return request + Record(kStdin, {});
}
inline std::string Post(std::string_view path, std::string_view body, bool keep_connection = true) {
  return RequestBytes("POST", path, body, keep_connection);
}

// What comes after all of an answer; without it nginx would wait on.
inline std::string EndOfAnswer() {
  using enum FastCgiRecord;
  return Record(kStdout, {}) + Record(kEndRequest, std::string(8, '\0'));
}

}  // namespace page_count

#endif  // PAGE_COUNT_TESTS_UNIT_FASTCGI_REQUEST_H_
