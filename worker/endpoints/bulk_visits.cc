#include <algorithm>

#include "worker/endpoints/recording_answers.h"
#include "worker/endpoints/visit_body.h"

namespace page_count {
namespace {

constexpr size_t kMaxBulkBytes = 1'048'576;
constexpr size_t kMaxVisits = 100;

Response AnswerBulk(size_t recorded, size_t rejected, std::string_view ip) {
  JsonWriter json;
  json.StartObject();
  json.Member("status", "recorded");
  json.Member("visits_recorded", static_cast<int64_t>(recorded));
  json.Member("visits_rejected", static_cast<int64_t>(rejected));
  json.Member("ip", ip);
  json.EndObject();
  return Ok(json.Take());
}

using Urls = std::vector<TrackedUrl>;

Result<Urls, Response> ReadUrls(const Request& request) {
  const auto document = JsonDocument::Parse(request.body);
  if (!document) return UnprocessableEntity(InvalidJson());
  const JsonValue list = document->root();
  if (!list.IsArray()) {
    return UnprocessableEntity(InvalidInput{{"body"}, "Input should be a valid list", "list_type"});
  }
  if (list.Size() > kMaxVisits) return Error(400, "Too many visits in bulk request (max 100)");
  Urls urls;
  std::vector<InvalidInput> problems;
  for (size_t i = 0; i < list.Size(); ++i) {
    auto url = ReadVisitEntry(list.At(i), {"body", i}, true);
    if (url) {
      urls.push_back(std::move(*url));
    } else {
      problems.push_back(url.error());
    }
  }
  if (!problems.empty()) return UnprocessableEntity(problems);
  return urls;
}

}  // namespace

// POST /bulk-visits: records up to 100 visits, all in one commit.
EndpointResult PostBulkVisits(const Request& request, const Service& service) {
  if (TypeOfBody(request) != BodyType::kJson) return UnsupportedMediaType("application/json or text/plain");
  if (request.body_too_large || request.body.size() > kMaxBulkBytes) return PayloadTooLarge(kMaxBulkBytes);
  auto urls = ReadUrls(request);
  if (!urls) return urls.error();

  Recording recording;
  for (TrackedUrl& url : *urls) {
    if (service.admission.Admit(request.client_ip, url, Admission::Source::kBulk).admitted) {
      recording.visits.push_back(VisitBy(request, std::move(url)));
    }
  }
  const size_t rejected = urls->size() - recording.visits.size();
  std::string ip(request.client_ip);
  if (recording.visits.empty()) return AnswerBulk(0, rejected, ip);
  recording.answer = [rejected, ip](auto visits, auto) { return AnswerBulk(visits.size(), rejected, ip); };
  recording.answer_unavailable = [&admission = service.admission](auto visits) {
    for (const Visit& visit : visits) admission.Refund(visit.ip, visit.url);
    return StorageUnavailable();
  };
  return recording;
}

}  // namespace page_count
