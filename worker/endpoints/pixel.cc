#include "worker/endpoints/endpoints.h"
#include "worker/endpoints/recording.h"
#include "worker/http/query_string.h"

namespace page_count {

// GET /pixel.gif: records a visit to the page that ?url= names, or else to the one that shows the image.
EndpointResult GetPixel(const Request& request, const Service& service) {
  const QueryString query(request.query);
  const auto text = query.ReadUrl("url");
  if (!text) return AsPixel(UnprocessableEntity(text.error()));
  if (!*text && request.referer.empty()) {
    return AsPixel(UnprocessableEntity(InvalidInput{{"query", "url"}, "Field required", "missing"}));
  }
  auto url = TrackedUrl::Parse(*text ? std::string_view(**text) : request.referer);
  if (!url) return AsPixel(Error(400, "Invalid URL format"));

  auto input = ReadVisitQuery(std::move(*url), query);
  if (!input) return AsPixel(UnprocessableEntity(input.error()));

  if (auto uncounted = service.policy->AnswerUncounted(request, input->url)) return AsPixel(std::move(*uncounted));
  Visit visit = VisitBy(request, service, std::move(*input));
  return RecordVisits(std::move(visit), Limit::kSingle, [](const RecordOutcome& outcome) {
    if (outcome.limited()) return AsPixel(TooManyRequests(outcome.retry_after()));
    if (outcome.unavailable()) return AsPixel(StorageUnavailable());
    return AsPixel(Response());
  });
}

}  // namespace page_count
