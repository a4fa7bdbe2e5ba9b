#include "worker/endpoints/visit_body.h"

#include "worker/base/ascii.h"
#include "worker/http/query_string.h"
#include "worker/visits/utf8.h"

namespace page_count {
namespace {

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

bool IsUtf8(std::string_view text) {
  while (!text.empty()) {
    const size_t bytes = FirstUtf8Character(text).bytes;
    if (bytes == 0) return false;
    text.remove_prefix(bytes);
  }
  return true;
}

Result<TrackedUrl, InvalidInput> ReadVisitForm(const Request& request) {
  const auto text = QueryString(request.body).FindUrl("url");
  if (!text) return InvalidInput{With(kBody, "url"), "Field required", "missing"};
  if (!IsUtf8(*text)) return InvalidInput{With(kBody, "url"), "Input should be valid UTF-8", "string_unicode"};
  return ReadUrl(*text, kBody);
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

Result<TrackedUrl, InvalidInput> ReadVisitBody(const Request& request, BodyType type) {
  if (type == BodyType::kForm) return ReadVisitForm(request);
  if (request.body.empty()) return InvalidInput{kBody, "Field required", "missing"};
  const auto document = JsonDocument::Parse(request.body);
  if (!document) return InvalidJson();
  return ReadVisitEntry(document->root(), kBody, false);
}

Result<TrackedUrl, InvalidInput> ReadVisitEntry(const JsonValue& entry, const Location& location, bool may_be_text) {
  if (may_be_text && entry.Text()) return ReadUrl(*entry.Text(), location);
  if (!entry.IsObject()) {
    return InvalidInput{location, "Input should be an object with a url", "model_attributes_type"};
  }
  const auto url = entry.Member("url");
  if (!url) return InvalidInput{With(location, "url"), "Field required", "missing"};
  if (!url->Text()) return InvalidInput{With(location, "url"), "Input should be a valid string", "string_type"};
  return ReadUrl(*url->Text(), location);
}

}  // namespace page_count
