#include <algorithm>

#include "worker/endpoints/endpoints.h"
#include "worker/endpoints/recording.h"
#include "worker/endpoints/visit_input.h"

namespace page_count {
namespace {

constexpr size_t kMaxBulkBytes = 1'048'576;
constexpr size_t kMaxVisits = 100;

struct BulkCounts {
  size_t recorded = 0;
  size_t rejected = 0;
  size_t duplicates = 0;
};

std::string RecordedBulkJson(const BulkCounts& counts, std::string_view ip) {
  JsonWriter json;
  json.StartObject();
  json.Member("status", "recorded");
  json.Member("visits_recorded", static_cast<int64_t>(counts.recorded));
  json.Member("visits_rejected", static_cast<int64_t>(counts.rejected));
  if (counts.duplicates > 0) json.Member("visits_duplicate", static_cast<int64_t>(counts.duplicates));
  json.Member("ip", ip);
  json.EndObject();
  return json.Take();
}

std::string IgnoredBulkJson(NotCounted reason, size_t ignored, size_t rejected, std::string_view ip) {
  JsonWriter json;
  json.StartObject();
  WriteIgnored(json, reason);
  json.Member("visits_recorded", int64_t{0});
  json.Member("visits_rejected", static_cast<int64_t>(rejected));
  json.Member("visits_ignored", static_cast<int64_t>(ignored));
  json.Member("ip", ip);
  json.EndObject();
  return json.Take();
}

using Inputs = std::vector<VisitInput>;

Result<VisitInput, InvalidInput> ReadInput(const JsonValue& entry, const Location& location, UtcTime now) {
  auto input = ReadVisitEntry(entry, location, true);
  if (!input) return input.error();
  const auto at = ReadTimestamp(entry, location, now);
  if (!at) return at.error();
  input->at = *at;
  return std::move(*input);
}

Result<Inputs, Response> ReadInputs(const Request& request, UtcTime now) {
  const auto document = JsonDocument::Parse(request.body);
  if (!document) return UnprocessableEntity(InvalidJson());
  const JsonValue list = document->root();
  if (!list.IsArray()) {
    return UnprocessableEntity(InvalidInput{{"body"}, "Input should be a valid list", "list_type"});
  }
  if (list.Size() > kMaxVisits) return Error(400, "Too many visits in bulk request (max 100)");
  Inputs inputs;
  std::vector<InvalidInput> problems;
  for (size_t i = 0; i < list.Size(); ++i) {
    auto input = ReadInput(list.At(i), {"body", i}, now);
    if (input) {
      inputs.push_back(std::move(*input));
    } else {
      problems.push_back(input.error());
    }
  }
  if (!problems.empty()) return UnprocessableEntity(problems);
  return inputs;
}

// Takes away the visits to sites that are not counted, and returns how many.
size_t RejectOtherSites(Inputs& inputs, const RecordingPolicy& policy) {
  const size_t rejected =
      std::erase_if(inputs, [&](const VisitInput& input) { return !policy.CountsSiteOf(input.url); });
  policy.Note(NotCounted::kOtherSite, rejected);
  return rejected;
}

// What was counted while a device was offline is the operator's to say, and has no limit.
EndpointResult RecordPastVisits(const Request& request, const Service& service, Inputs inputs, size_t rejected) {
  if (request.caller != "operator") {
    return Error(403, "A timestamp takes the password of the private endpoints");
  }
  std::vector<PastVisit> visits;
  visits.reserve(inputs.size());
  for (VisitInput& input : inputs) {
    const UtcTime at = input.at.value_or(service.now());
    visits.push_back({VisitBy(request, service, std::move(input)), at});
  }
  const auto run = [visits = std::move(visits), rejected](StoreAdmin& store) {
    BulkCounts counts{.rejected = rejected};
    for (const Receipt& receipt : store.RecordPast(visits)) {
      ++(receipt.outcome == Receipt::Outcome::kDuplicate ? counts.duplicates : counts.recorded);
    }
    return Ok(RecordedBulkJson(counts, visits.front().visit.ip));
  };
  return BackgroundJob{.run = run, .kind = BackgroundJob::Kind::kCleanup, .use = StorageHealth::Use::kWrite};
}

}  // namespace

// POST /bulk-visits: records up to 100 visits in one commit, without those that are over the limit or of other sites.
EndpointResult PostBulkVisits(const Request& request, const Service& service) {
  if (TypeOfBody(request) != BodyType::kJson) return UnsupportedMediaType("application/json or text/plain");
  if (request.body_too_large || request.body.size() > kMaxBulkBytes) return PayloadTooLarge(kMaxBulkBytes);
  auto inputs = ReadInputs(request, service.now());
  if (!inputs) return inputs.error();
  const size_t rejected = RejectOtherSites(*inputs, *service.policy);
  if (inputs->empty() && rejected > 0) return SiteNotCounted();
  if (const auto ignored = service.policy->WhyIgnored(request)) {
    service.policy->Note(*ignored, inputs->size());
    return Ok(IgnoredBulkJson(*ignored, inputs->size(), rejected, request.client_ip));
  }

  if (std::any_of(inputs->begin(), inputs->end(), [](const VisitInput& input) { return input.at.has_value(); })) {
    return RecordPastVisits(request, service, *std::move(inputs), rejected);
  }
  std::vector<Visit> visits;
  visits.reserve(inputs->size());
  for (VisitInput& input : *inputs) visits.push_back(VisitBy(request, service, std::move(input)));
  std::string ip = visits.empty() ? std::string(request.client_ip) : visits.front().ip;
  return RecordVisits(std::move(visits), Limit::kBulk, [rejected, ip = std::move(ip)](const RecordOutcome& outcome) {
    if (outcome.unavailable()) return StorageUnavailable();
    return Ok(RecordedBulkJson({outcome.recorded(), rejected + outcome.refused(), outcome.duplicates()}, ip));
  });
}

}  // namespace page_count
