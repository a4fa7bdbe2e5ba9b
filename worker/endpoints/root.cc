#include "worker/endpoints/endpoints.h"
#include "worker/endpoints/figures.h"
#include "worker/endpoints/recording.h"
#include "worker/http/media_type.h"
#include "worker/http/query_string.h"

namespace page_count {
namespace {

std::string RecordedBeaconJson(const Visit& visit, const Receipt& receipt) {
  JsonWriter json;
  json.StartObject();
  json.Member("message", "Visit recorded!");
  WriteRecorded(json, visit, receipt);
  json.Member("visits", WithSeparators(receipt.page_visits));
  json.EndObject();
  return json.Take();
}

Response ToDashboard() {
  Response response;
  response.status = 302;
  response.content_type = {};
  response.headers.emplace_back("Location", "/dashboard/");
  return response;
}

}  // namespace

// GET /: records a visit to the page that ?url= names. An <img> gets a pixel, a browser without a url the dashboard.
EndpointResult GetRoot(const Request& request, const Service& service) {
  if (PrefersMediaType(request.accept, "image/")) return GetPixel(request, service);
  const QueryString query(request.query);
  const auto text = query.ReadUrl("url");
  if (!text) return UnprocessableEntity(text.error());
  if (!*text && PrefersMediaType(request.accept, "text/html")) return ToDashboard();
  if (!*text) return UnprocessableEntity(InvalidInput{{"query", "url"}, "Field required", "missing"});
  auto url = TrackedUrl::Parse(**text);
  if (!url) return Error(400, "Invalid URL format");
  auto input = ReadVisitQuery(std::move(*url), query);
  if (!input) return UnprocessableEntity(input.error());

  if (auto uncounted = service.policy->AnswerUncounted(request, input->url)) return std::move(*uncounted);
  Visit visit = VisitBy(request, service, std::move(*input));
  visit.wants_page_visits = true;
  return RecordVisits(std::move(visit), Limit::kSingle, [](const RecordOutcome& outcome) {
    if (outcome.limited()) return TooManyRequests(outcome.retry_after());
    if (outcome.unavailable()) return StorageUnavailable();
    return Ok(RecordedBeaconJson(outcome.visit(), outcome.receipt()));
  });
}

}  // namespace page_count
