#include "worker/endpoints/endpoints.h"
#include "worker/endpoints/figures.h"
#include "worker/endpoints/page_stats.h"
#include "worker/endpoints/window.h"
#include "worker/http/query_string.h"

namespace page_count {
namespace {

constexpr int64_t kDefaultPages = 100;

std::string SiteStatsJson(const SiteStats& stats) {
  JsonWriter json;
  json.StartObject();
  json.Member("total_visits", WithSeparators(stats.visits));
  json.Member("unique_visitors", WithSeparators(stats.clients));
  json.Key("popular_pages");
  json.StartObject();
  for (const auto& [url, visits] : stats.top_pages) json.Member(url, WithSeparators(visits));
  json.EndObject();
  json.Key("recent_visits");
  json.StartArray();
  for (const LoggedVisit& visit : stats.recent) {
    json.StartObject();
    json.Member("url", visit.url);
    json.Member("ip", visit.ip);
    json.Member("timestamp", FormatSpaced(visit.at));
    json.EndObject();
  }
  json.EndArray();
  json.EndObject();
  return json.Take();
}

}  // namespace

// GET /stats: the whole site, or the page that ?url= names.
EndpointResult GetSiteStats(const Request& request, const Service& service) {
  const QueryString query(request.query);
  const auto url = query.ReadUrl("url");
  if (!url) return UnprocessableEntity(url.error());
  const auto window_start = ReadWindowStart(query, service.now());
  if (!window_start) return UnprocessableEntity(window_start.error());
  const auto limit = query.ReadCount("limit");
  if (!limit) return UnprocessableEntity(limit.error());
  if (*url) return PageStatsOf(**url, *window_start);

  const auto pages = static_cast<size_t>(limit->value_or(kDefaultPages));
  return BackgroundJob{[pages](VisitStore& store) { return Ok(SiteStatsJson(store.ReadSite(pages))); }};
}

}  // namespace page_count
