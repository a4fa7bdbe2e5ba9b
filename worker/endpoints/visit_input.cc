#include "worker/endpoints/visit_input.h"

#include <algorithm>

#include "worker/base/ascii.h"
#include "worker/http/query_string.h"
#include "worker/visits/request_id.h"
#include "worker/visits/utf8.h"

namespace page_count {
namespace {

constexpr std::chrono::days kMostDaysBack{7};
constexpr std::chrono::minutes kMostAhead{1};  // the client's clock may be wrong a little

const Location kBody = {"body"};

Location With(const Location& location, const char* member) {
  Location longer = location;
  longer.emplace_back(member);
  return longer;
}

// `location` is that of the body or entry that holds the url.
Result<TrackedUrl, InvalidInput> ReadUrl(std::string_view text, const Location& location) {
  auto url = TrackedUrl::Parse(text);
  if (!url) return InvalidInput{With(location, "url"), url.error().message, "value_error"};
  return std::move(*url);
}

// nullopt if it is not given, or null.
Result<std::optional<std::string>, InvalidInput> ReadOptionalText(const JsonValue& entry, const char* name,
                                                                  const Location& location) {
  const auto value = entry.Member(name);
  if (!value || value->IsNull()) return std::optional<std::string>();
  if (const auto text = value->Text()) return std::optional<std::string>(*text);
  return InvalidInput{With(location, name), "Input should be a valid string", "string_type"};
}

// Empty if it is not given.
Result<std::string, InvalidInput> ReadRequestId(std::optional<std::string> id, const Location& location) {
  if (!id || IsRequestId(*id)) return std::move(id).value_or("");
  return InvalidInput{With(location, "id"), "Input should have 8 to 64 bytes", "value_error"};
}

Result<VisitInput, InvalidInput> ReadParameters(TrackedUrl url, const QueryString& parameters,
                                                const Location& location) {
  auto id = ReadRequestId(parameters.Find("id"), location);
  if (!id) return id.error();
  return VisitInput{std::move(url), parameters.FindUrl("referrer").value_or(""), parameters.Find("title").value_or(""),
                    std::move(*id)};
}

bool IsUtf8(std::string_view text) {
  while (!text.empty()) {
    const size_t bytes = FirstUtf8Character(text).bytes;
    if (bytes == 0) return false;
    text.remove_prefix(bytes);
  }
  return true;
}

Result<VisitInput, InvalidInput> ReadVisitForm(const Request& request) {
  const QueryString form(request.body);
  const auto text = form.FindUrl("url");
  if (!text) return InvalidInput{With(kBody, "url"), "Field required", "missing"};
  if (!IsUtf8(*text)) return InvalidInput{With(kBody, "url"), "Input should be valid UTF-8", "string_unicode"};
  auto url = ReadUrl(*text, kBody);
  if (!url) return url.error();
  return ReadParameters(std::move(*url), form, kBody);
}

}  // namespace

BodyType TypeOfBody(const Request& request) {
  std::string_view type = request.content_type.substr(0, request.content_type.find(';'));
  type = type.substr(0, type.find_last_not_of(" \t") + 1);
  if (type.empty() || EqualsIgnoringCase(type, "application/json") || EqualsIgnoringCase(type, "text/plain")) {
    return BodyType::kJson;
  }
  return EqualsIgnoringCase(type, "application/x-www-form-urlencoded") ? BodyType::kForm : BodyType::kUnknown;
}

InvalidInput InvalidJson() { return {kBody, "Body should be valid JSON in UTF-8", "json_invalid"}; }

Result<VisitInput, InvalidInput> ReadVisitBody(const Request& request, BodyType type) {
  if (type == BodyType::kForm) return ReadVisitForm(request);
  if (request.body.empty()) return InvalidInput{kBody, "Field required", "missing"};
  const auto document = JsonDocument::Parse(request.body);
  if (!document) return InvalidJson();
  return ReadVisitEntry(document->root(), kBody, false);
}

Result<VisitInput, InvalidInput> ReadVisitEntry(const JsonValue& entry, const Location& location, bool may_be_text) {
  if (may_be_text && entry.Text()) {
    auto url = ReadUrl(*entry.Text(), location);
    if (!url) return url.error();
    return VisitInput{std::move(*url)};
  }
  if (!entry.IsObject()) {
    return InvalidInput{location, "Input should be an object with a url", "model_attributes_type"};
  }
  const auto url = entry.Member("url");
  if (!url) return InvalidInput{With(location, "url"), "Field required", "missing"};
  if (!url->Text()) return InvalidInput{With(location, "url"), "Input should be a valid string", "string_type"};
  auto page = ReadUrl(*url->Text(), location);
  if (!page) return page.error();
  const auto referrer = ReadOptionalText(entry, "referrer", location);
  if (!referrer) return referrer.error();
  const auto title = ReadOptionalText(entry, "title", location);
  if (!title) return title.error();
  const auto given_id = ReadOptionalText(entry, "id", location);
  if (!given_id) return given_id.error();
  auto id = ReadRequestId(*given_id, location);
  if (!id) return id.error();
  return VisitInput{std::move(*page), referrer->value_or(""), title->value_or(""), std::move(*id)};
}

Result<std::optional<UtcTime>, InvalidInput> ReadTimestamp(const JsonValue& entry, const Location& location,
                                                           UtcTime now) {
  if (!entry.IsObject()) return std::optional<UtcTime>();
  const auto text = ReadOptionalText(entry, "timestamp", location);
  if (!text) return text.error();
  if (!*text) return std::optional<UtcTime>();
  const auto at = ParseUtcTime(**text);
  if (!at)
    return InvalidInput{With(location, "timestamp"), "Input should be a time as in RFC 3339", "datetime_parsing"};
  if (*at < now - kMostDaysBack || *at > now + kMostAhead) {
    return InvalidInput{With(location, "timestamp"), "Input should be a time of the last 7 days", "value_error"};
  }
  return std::optional(std::min(*at, now));
}

Result<VisitInput, InvalidInput> ReadVisitQuery(TrackedUrl url, const QueryString& query) {
  return ReadParameters(std::move(url), query, {"query"});
}

}  // namespace page_count
