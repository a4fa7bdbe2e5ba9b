#include "worker/endpoints/page_stats.h"

#include "worker/base/ascii.h"
#include "worker/endpoints/figures.h"
#include "worker/endpoints/window.h"

namespace page_count {
namespace {

constexpr std::string_view kPath = "/stats/";

// A proxy that merges slashes leaves one after the scheme: "https:/site.com/a" was "https://site.com/a".
std::string WithBothSlashes(std::string_view url) {
  for (const std::string_view scheme : {"http:/", "https:/", "http%3a/", "https%3a/"}) {
    if (!StartsWithIgnoringCase(url, scheme)) continue;
    const std::string_view rest = url.substr(scheme.size());
    const bool merged = !rest.starts_with('/') && !StartsWithIgnoringCase(rest, "%2f");
    if (merged) return std::string(url.substr(0, scheme.size())).append(1, '/').append(rest);
  }
  return std::string(url);
}

// The URL after /stats/, from the target as it was sent: nginx merges slashes in the path it routes on. A path whose
// beginning was spelled otherwise is only to be had normalised.
std::string UrlOf(const Request& request) {
  const std::string_view target = request.target.substr(0, request.target.find('?'));
  if (!target.starts_with(kPath)) return WithBothSlashes(request.path.substr(kPath.size()));
  const std::string url = WithBothSlashes(target.substr(kPath.size()));
  const bool as_it_is = StartsWithIgnoringCase(url, "http://") || StartsWithIgnoringCase(url, "https://");
  return as_it_is ? url : PercentDecode(url);
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

EndpointResult PageStatsOf(std::string_view url_text, UtcTime window_start) {
  const auto url = TrackedUrl::Parse(url_text);
  if (!url) return Error(400, "Invalid URL format");

  return BackgroundJob{[url = *url, window_start](VisitStore& store) {
    return Ok(PageStatsJson(url, store.ReadPage(url, window_start)));
  }};
}

// GET /stats/<url>: one page.
EndpointResult GetPageStats(const Request& request, const Service& service) {
  const auto window_start = ReadWindowStart(QueryString(request.query), service.now());
  if (!window_start) return UnprocessableEntity(window_start.error());
  return PageStatsOf(UrlOf(request), *window_start);
}

}  // namespace page_count
