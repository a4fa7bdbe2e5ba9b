#include "worker/ascii.h"
#include "worker/endpoints/endpoints.h"
#include "worker/endpoints/figures.h"
#include "worker/endpoints/window.h"

namespace page_count {
namespace {

constexpr std::string_view kPath = "/stats/";

// The URL behind /stats/, from the target as it was sent: nginx merges slashes in the path it routes on. A path whose
// beginning was spelled otherwise is only to be had normalised.
std::string UrlOf(const Request& request) {
  const std::string_view target = request.target.substr(0, request.target.find('?'));
  if (!target.starts_with(kPath)) return std::string(request.path.substr(kPath.size()));
  const std::string_view url = target.substr(kPath.size());
  const bool as_it_is = StartsWithIgnoringCase(url, "http://") || StartsWithIgnoringCase(url, "https://");
  return as_it_is ? std::string(url) : PercentDecode(url);
}

std::string PageStatsJson(const TrackedUrl& url, const PageStats& stats) {
  JsonWriter json;
  json.StartObject();
  json.Member("url", url.text());
  json.Member("total_visits", stats.visits);
  json.Member("unique_ips", stats.clients);
  WriteMember(json, "hourly_visits", stats.by_hour);
  WriteMember(json, "user_agents", stats.by_agent);
  WriteMember(json, "recent_visits", stats.recent);
  json.EndObject();
  return json.Take();
}

}  // namespace

// GET /stats/<url>: one page.
Answer GetPageStats(const Request& request, const Service& service) {
  const auto window_start = ReadWindowStart(QueryString(request.query), service.now());
  if (!window_start) return UnprocessableEntity(window_start.error());
  const auto url = TrackedUrl::Parse(UrlOf(request));
  if (!url) return Error(400, "Invalid URL format");

  return Deferred{[url = *url, start = *window_start](VisitStore& store) {
    return Ok(PageStatsJson(url, store.ReadPage(url, start)));
  }};
}

}  // namespace page_count
