#include "worker/http/query_string.h"

#include <charconv>

#include "worker/visits/percent_decode.h"
#include "worker/visits/url_parameters.h"

namespace page_count {
namespace {

InvalidInput Invalid(std::string_view name, std::string message, std::string type) {
  return {{"query", std::string(name)}, std::move(message), std::move(type)};
}

Result<std::optional<std::string>, InvalidInput> NotEmpty(std::string_view name, std::optional<std::string> value) {
  if (value && value->empty()) return Invalid(name, "Parameter should not be empty", "string_too_short");
  return value;
}

}  // namespace

template <typename Take>
void QueryString::ForEach(std::string_view name, Take take) const {
  ForEachParameter(text_, [&](std::string_view key, std::string_view value) {
    if (key == name || (key.find('%') != key.npos && PercentDecode(key) == name)) take(value);
  });
}

std::optional<std::string_view> QueryString::FindRaw(std::string_view name) const {
  std::optional<std::string_view> found;
  ForEach(name, [&found](std::string_view value) { found = value; });
  return found;
}

std::vector<std::string> QueryString::FindAll(std::string_view name) const {
  std::vector<std::string> all;
  ForEach(name, [&all](std::string_view value) { all.push_back(DecodeFormField(value)); });
  return all;
}

std::vector<std::string> QueryString::FindAllUrls(std::string_view name) const {
  std::vector<std::string> all;
  ForEach(name, [&all](std::string_view value) { all.push_back(PercentDecode(value)); });
  return all;
}

std::optional<std::string> QueryString::Find(std::string_view name) const {
  const auto raw = FindRaw(name);
  if (!raw) return std::nullopt;
  return DecodeFormField(*raw);
}

std::optional<std::string> QueryString::FindUrl(std::string_view name) const {
  const auto raw = FindRaw(name);
  if (!raw) return std::nullopt;
  return PercentDecode(*raw);
}

Result<std::optional<std::string>, InvalidInput> QueryString::ReadText(std::string_view name) const {
  return NotEmpty(name, Find(name));
}

Result<std::optional<std::string>, InvalidInput> QueryString::ReadUrl(std::string_view name) const {
  return NotEmpty(name, FindUrl(name));
}

Result<std::optional<int64_t>, InvalidInput> QueryString::ReadInteger(std::string_view name, int64_t least,
                                                                      int64_t most) const {
  const auto text = Find(name);
  if (!text) return std::optional<int64_t>();
  int64_t number = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  const bool is_integer = end == text->data() + text->size() && error != std::errc::invalid_argument;
  if (!is_integer) {
    return Invalid(name, "Input should be a valid integer, unable to parse string as an integer", "int_parsing");
  }
  const bool overflow = error == std::errc::result_out_of_range;
  const bool negative = text->front() == '-';
  if (overflow ? negative : number < least) {
    return Invalid(name, "Input should be greater than or equal to " + std::to_string(least), "greater_than_equal");
  }
  if (overflow || number > most) {
    return Invalid(name, "Input should be less than or equal to " + std::to_string(most), "less_than_equal");
  }
  return std::optional(number);
}

}  // namespace page_count
