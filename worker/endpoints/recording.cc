#include "worker/endpoints/recording.h"

#include <string_view>

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

Visit VisitBy(const Request& request, const Service& service, TrackedUrl url, std::string_view referrer) {
  std::string source = SourceText(referrer, url);
  Visit visit{.url = std::move(url),
              .ip = std::string(request.client_ip),
              .user_agent = CleanUserAgent(request.user_agent),
              .source = std::move(source)};
  service.keep_address(visit);
  return visit;
}

void WriteRecorded(JsonWriter& json, const Visit& visit, const Receipt& receipt) {
  json.Member("url", visit.url.text());
  json.Member("ip", visit.ip);
  json.Member("user_agent", visit.user_agent);
  json.Member("status", "recorded");
  json.Member("timestamp", FormatIso(receipt.at));
}

Response AsPixel(Response response) {
  response.content_type = "image/gif";
  response.body = kPixel;
  return response;
}

}  // namespace page_count
