#include "worker/endpoints/recording_answers.h"

#include <algorithm>

#include "worker/base/ascii.h"
#include "worker/visits/user_agent.h"

namespace page_count {
namespace {

// GIF89a, 1x1, two colours, the first of them transparent.
constexpr std::string_view kPixel(
    "GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,"
    "\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02\x44\x01\x00;",
    43);

Response Presented(Response response, Present present) {
  return present == nullptr ? std::move(response) : present(std::move(response));
}

}  // namespace

Visit VisitBy(const Request& request, TrackedUrl url) {
  return {std::move(url), std::string(request.client_ip), CleanUserAgent(request.user_agent)};
}

bool PrefersMediaType(const Request& request, std::string_view type) {
  std::string_view range = request.accept.substr(0, request.accept.find_first_of(",;"));
  range.remove_prefix(std::min(range.find_first_not_of(" \t"), range.size()));
  range = range.substr(0, range.find_last_not_of(" \t") + 1);
  if (type.back() == '/') range = range.substr(0, type.size());
  return EqualsIgnoringCase(range, type);
}

EndpointResult RecordOne(Visit visit, const Service& service, AnswerRecorded answer, Present present) {
  const auto decision = service.admission.Admit(visit.ip, visit.url, Admission::Source::kSingle);
  if (!decision.admitted) return Presented(TooManyRequests(decision.retry_after), present);

  Recording recording;
  recording.visits.push_back(std::move(visit));
  // Two pointers each, which std::function keeps without memory of its own.
  recording.answer = [answer, present](auto visits, auto receipts) {
    return Presented(answer(visits[0], receipts[0]), present);
  };
  recording.answer_unavailable = [&admission = service.admission, present](auto visits) {
    admission.Refund(visits[0].ip, visits[0].url);
    return Presented(StorageUnavailable(), present);
  };
  return recording;
}

Response AsPixel(Response response) {
  response.content_type = "image/gif";
  response.body = kPixel;
  return response;
}

}  // namespace page_count
