// Any bytes are a query string. Of a parameter the last counts, whatever stands before it; a value that was
// percent-encoded comes back byte for byte; a plus is a space, except in URLs; an integer that was read lies in its
// range.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "tests/fuzz/require.h"
#include "worker/http/query_string.h"
#include "worker/visits/percent_decode.h"

using page_count::PercentDecode;
using page_count::QueryString;
using page_count::Require;

namespace {

std::string PercentEncodeAll(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcDEF";
  std::string encoded;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    encoded.append({'%', kDigits[byte >> 4U], kDigits[byte & 0xfU]});
  }
  return encoded;
}

std::string PlusAsEncodedSpace(std::string_view text) {
  std::string replaced;
  for (const char c : text) replaced += c == '+' ? std::string("%20") : std::string(1, c);
  return replaced;
}

void CheckDecoding(std::string_view text) {
  const std::string decoded = PercentDecode(text);
  Require(decoded.size() <= text.size());
  if (text.find('%') == std::string_view::npos) Require(decoded == text);
  const std::string encoded = PercentEncodeAll(text);
  Require(PercentDecode(encoded) == text);
  Require(QueryString("url=" + encoded).FindUrl("url") == text);
  Require(QueryString("a&" + encoded + "=x").Find(text) == "x");
}

void CheckParameter(const std::string& query, std::string_view name) {
  const QueryString parameters(query);
  const auto value = parameters.FindUrl(name);
  Require(parameters.Find(name).has_value() == value.has_value());
  const std::string spaced = PlusAsEncodedSpace(query);
  Require(parameters.Find(name) == QueryString(spaced).FindUrl(name));

  const auto text = parameters.ReadUrl(name);
  Require(text.ok() ? *text == value : value.has_value() && value->empty());

  const std::string given = std::string(name) + "=x";
  const std::string before = given + '&' + query;
  const std::string after = query + '&' + given;
  Require(QueryString(before).FindUrl(name) == value.value_or("x"));
  Require(QueryString(after).FindUrl(name) == "x");
}

void CheckInteger(const std::string& query, int64_t least, int64_t most) {
  const auto number = QueryString(query).ReadInteger("hours", least, most);
  if (!number) {
    Require(!number.error().message.empty() && !number.error().type.empty());
    return;
  }
  Require(number->has_value() == QueryString(query).Find("hours").has_value());
  if (!*number) return;
  Require(**number >= least && **number <= most);
  const std::string again = "hours=" + std::to_string(**number);
  Require(**QueryString(again).ReadInteger("hours", least, most) == **number);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string query(reinterpret_cast<const char*>(data), size);
  CheckDecoding(query);
  for (const std::string_view name : {"url", "hours", "start_date"}) CheckParameter(query, name);
  CheckInteger(query, 1, 87'600);
  CheckInteger(query, INT64_MIN, INT64_MAX);
  return 0;
}
