#include "worker/endpoints/recording_answers.h"
#include "worker/http/query_string.h"

namespace page_count {

// GET /pixel.gif: records a visit to the page that ?url= names, or else to the one that shows the image.
EndpointResult GetPixel(const Request& request, const Service& service) {
  const auto text = QueryString(request.query).ReadUrl("url");
  if (!text) return AsPixel(UnprocessableEntity(text.error()));
  if (!*text && request.referer.empty()) {
    return AsPixel(UnprocessableEntity(InvalidInput{{"query", "url"}, "Field required", "missing"}));
  }
  auto url = TrackedUrl::Parse(*text ? std::string_view(**text) : request.referer);
  if (!url) return AsPixel(Error(400, "Invalid URL format"));

  const auto answer = [](const Visit&, const Receipt&) { return Response(); };
  return RecordOne(VisitBy(request, std::move(*url)), service, answer, AsPixel);
}

}  // namespace page_count
