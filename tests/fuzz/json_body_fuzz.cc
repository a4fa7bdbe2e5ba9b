// Any bytes are the body of POST /visit and of POST /bulk-visits. What is read is UTF-8 without a byte order mark or a
// NUL byte and names pages in canonical form; what is refused says why in JSON and records nothing; a body that is one
// visit is the same visit as a list's only entry.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "tests/fuzz/require.h"
#include "worker/attributes/source_traits.h"
#include "worker/endpoints/endpoints.h"
#include "worker/endpoints/visit_input.h"
#include "worker/visits/source.h"
#include "worker/visits/utf8.h"

namespace page_count {
namespace {

constexpr size_t kMostEntries = 100;

void RequireCleanText(std::string_view text) {
  Require(!text.starts_with("\xEF\xBB\xBF"));
  Require(text.find('\0') == std::string_view::npos);
  while (!text.empty()) {
    const size_t bytes = FirstUtf8Character(text).bytes;
    Require(bytes > 0);
    text.remove_prefix(bytes);
  }
}

void RequireCanonical(const TrackedUrl& url) {
  const auto again = TrackedUrl::Parse(url.text());
  Require(again.ok() && *again == url);
}

void RequireError(const Response& response) {
  Require(response.status == 400 || response.status == 413 || response.status == 422);
  const auto document = JsonDocument::Parse(response.body);
  Require(document.has_value() && document->root().IsObject() && document->root().Member("detail").has_value());
}

Request RequestOf(const std::string& body) {
  Request request;
  request.client_ip = "192.0.2.1";
  request.body = body;
  return request;
}

// How many visits are to be recorded: none if the list is refused.
size_t CheckList(const std::string& body) {
  const EndpointResult answer = PostBulkVisits(RequestOf(body), {[] { return UtcTime(); }});
  if (const auto* response = std::get_if<Response>(&answer)) {
    RequireError(*response);
    return 0;
  }
  RequireCleanText(body);
  const auto& [visits, limit, respond] = std::get<RecordVisits>(answer);
  Require(visits.size() <= kMostEntries && limit == Limit::kBulk);
  for (const Visit& visit : visits) RequireCanonical(visit.url);
  Require(respond(RecordOutcome::Unavailable()).status == 503);
  return visits.size();
}

// A source comes apart as it was put together, and is of some medium.
void CheckSource(const VisitInput& input) {
  const std::string text = SourceText(input.referrer, input.url);
  const Source source = ParseSource(text);
  RequireCleanText(text);
  Require(source.campaign == CampaignOf(input.url));
  Require(text.starts_with(source.referrer));
  Require(!SourceTraitsOf(text).medium.empty());
}

void CheckVisit(const std::string& body) {
  const auto input = ReadVisitBody(RequestOf(body), BodyType::kJson);
  if (!input) {
    RequireError(UnprocessableEntity(input.error()));
    return;
  }
  RequireCleanText(body);
  RequireCanonical(input->url);
  CheckSource(*input);
  Require(CheckList('[' + body + ']') == 1);
  Require(CheckList('[' + body + ",\"" + input->url.text() + "\"]") == 2);
}

void CheckForm(const std::string& body) {
  const auto input = ReadVisitBody(RequestOf(body), BodyType::kForm);
  if (input) {
    RequireCanonical(input->url);
    CheckSource(*input);
  } else {
    RequireError(UnprocessableEntity(input.error()));
  }
}

}  // namespace
}  // namespace page_count

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string body(reinterpret_cast<const char*>(data), size);
  page_count::CheckVisit(body);
  page_count::CheckList(body);
  page_count::CheckForm(body);
  return 0;
}
