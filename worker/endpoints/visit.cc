#include "worker/endpoints/endpoints.h"
#include "worker/endpoints/recording.h"
#include "worker/endpoints/visit_input.h"

namespace page_count {
namespace {

constexpr size_t kMaxVisitBytes = 16'384;

std::string RecordedVisitJson(const Visit& visit, const Receipt& receipt) {
  JsonWriter json;
  json.StartObject();
  WriteRecorded(json, visit, receipt);
  json.EndObject();
  return json.Take();
}

}  // namespace

// POST /visit: records one visit.
EndpointResult PostVisit(const Request& request, const Service& service) {
  const BodyType type = TypeOfBody(request);
  if (type == BodyType::kUnknown) {
    return UnsupportedMediaType("application/json, text/plain or application/x-www-form-urlencoded");
  }
  if (request.body_too_large || request.body.size() > kMaxVisitBytes) return PayloadTooLarge(kMaxVisitBytes);
  auto input = ReadVisitBody(request, type);
  if (!input) return UnprocessableEntity(input.error());

  if (auto uncounted = service.policy->AnswerUncounted(request, input->url)) return std::move(*uncounted);
  Visit visit = VisitBy(request, service, std::move(*input));
  return RecordVisits(std::move(visit), Limit::kSingle, [](const RecordOutcome& outcome) {
    if (outcome.limited()) return TooManyRequests(outcome.retry_after());
    if (outcome.unavailable()) return StorageUnavailable();
    return Ok(RecordedVisitJson(outcome.visit(), outcome.receipt()));
  });
}

}  // namespace page_count
