#include "worker/endpoints/recording.h"

#include <string_view>

#include "worker/visits/page_title.h"
#include "worker/visits/source.h"
#include "worker/visits/user_agent.h"

namespace page_count {
namespace {

// GIF89a, 1x1, two colours, the first of them transparent.
constexpr std::string_view kPixel(
    "GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,"
    "\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02\x44\x01\x00;",
    43);

}  // namespace

Visit VisitBy(const Request& request, const Service& service, VisitInput input) {
  std::string source = SourceText(input.referrer, input.url);
  Visit visit{.url = std::move(input.url),
              .ip = std::string(request.client_ip),
              .user_agent = CleanUserAgent(request.user_agent),
              .source = std::move(source),
              .title = CleanPageTitle(input.title),
              .request_id = std::move(input.request_id)};
  visit = service.policy->OnItsPage(std::move(visit));
  service.keep_address(visit);
  return visit;
}

void WriteRecorded(JsonWriter& json, const Visit& visit, const Receipt& receipt) {
  json.Member("url", visit.url.text());
  json.Member("ip", visit.ip);
  json.Member("user_agent", visit.user_agent);
  json.Member("status", receipt.outcome == Receipt::Outcome::kDuplicate ? "duplicate" : "recorded");
  json.Member("timestamp", FormatIso(receipt.at));
}

Response AsPixel(Response response) {
  response.content_type = "image/gif";
  response.body = kPixel;
  return response;
}

}  // namespace page_count
