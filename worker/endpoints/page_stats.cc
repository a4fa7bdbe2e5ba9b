#include "worker/endpoints/page_stats.h"

#include "worker/base/ascii.h"
#include "worker/endpoints/figures.h"
#include "worker/endpoints/query_parameters.h"
#include "worker/endpoints/window.h"
#include "worker/visits/percent_decode.h"

namespace page_count {
namespace {

constexpr std::string_view kPath = "/stats/";
constexpr size_t kRecentVisits = 20;

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

Inquiry PageInquiry(const TrackedUrl& url, UtcTime window_start, Question::Bots bots) {
  const TimeRange window{.from = window_start};
  const Filters page{std::vector{url.text()}};
  Inquiry inquiry;
  inquiry.questions = {
      {.filters = page},
      {.filters = page, .measure = Question::Measure::kVisitors},
      {.range = window, .filters = page, .group_by = {Dimension::kInterval}, .order = Question::Order::kByKey},
      {.range = window, .filters = page, .group_by = {Dimension::kAgent}}};
  for (Question& question : inquiry.questions) question.bots = bots;
  inquiry.newest = NewestVisits{window, url.text(), kRecentVisits, bots};
  return inquiry;
}

std::string PageStatsJson(std::string_view url, const Answers& answers) {
  const auto& figures = answers.figures;
  JsonWriter json;
  json.StartObject();
  json.Member("url", url);
  json.Member("total_visits", figures[0].count());
  json.Member("unique_ips", figures[1].count());
  WriteMember(json, "hourly_visits", figures[2], figures[2].rows);
  WriteMember(json, "user_agents", figures[3], figures[3].rows);
  WriteMember(json, "recent_visits", answers.newest);
  json.EndObject();
  return json.Take();
}

}  // namespace

EndpointResult PageStatsOf(std::string_view url_text, UtcTime window_start, Question::Bots bots,
                           const Service& service) {
  auto url = TrackedUrl::Parse(url_text);
  if (!url) return Error(400, "Invalid URL format");

  const TrackedUrl page = service.policy->PageOf(std::move(*url));
  return BackgroundJob{[inquiry = PageInquiry(page, window_start, bots)](VisitReader& store) {
    return Ok(PageStatsJson(*inquiry.newest->page, store.Ask(inquiry)));
  }};
}

// GET /stats/<url>: one page.
EndpointResult GetPageStats(const Request& request, const Service& service) {
  const QueryString query(request.query);
  const auto window_start = ReadWindowStart(query, service.now());
  if (!window_start) return UnprocessableEntity(window_start.error());
  const auto bots = ReadBots(query);
  if (!bots) return UnprocessableEntity(bots.error());
  return PageStatsOf(UrlOf(request), *window_start, *bots, service);
}

}  // namespace page_count
