#include "worker/endpoints/endpoints.h"
#include "worker/endpoints/figures.h"
#include "worker/endpoints/page_stats.h"
#include "worker/endpoints/query_parameters.h"
#include "worker/endpoints/window.h"
#include "worker/http/query_string.h"

namespace page_count {
namespace {

constexpr int64_t kDefaultPages = 100;
constexpr size_t kRecentVisits = 10;

Inquiry SiteInquiry(int64_t pages, Question::Bots bots) {
  Inquiry inquiry;
  inquiry.questions = {{},
                       {.measure = Question::Measure::kVisitors},
                       {.group_by = {Dimension::kPage}, .limit = static_cast<size_t>(pages)}};
  for (Question& question : inquiry.questions) question.bots = bots;
  inquiry.newest = NewestVisits{.limit = kRecentVisits, .bots = bots};
  return inquiry;
}

// Since the counters were made, by all workers.
void WriteNotCounted(JsonWriter& json, const SharedCounters& counters) {
  json.Key("not_counted");
  json.StartObject();
  json.Member("since", FormatSpaced(UtcTime(std::chrono::milliseconds(counters.since_ms()))));
  for (size_t reason = 0; reason < kNotCountedNames.size(); ++reason) {
    json.Member(kNotCountedNames[reason], WithSeparators(counters.Read(reason)));
  }
  json.EndObject();
}

std::string SiteStatsJson(const Answers& answers, const RecordingPolicy& policy) {
  const Figures& pages = answers.figures[2];
  JsonWriter json;
  json.StartObject();
  json.Member("total_visits", WithSeparators(answers.figures[0].count()));
  json.Member("unique_visitors", WithSeparators(answers.figures[1].count()));
  json.Key("popular_pages");
  json.StartObject();
  for (const Figures::Row& page : pages.rows) json.Member(pages.Text(page), WithSeparators(page.count));
  json.EndObject();
  json.Key("recent_visits");
  json.StartArray();
  for (const LoggedVisit& visit : answers.newest) {
    json.StartObject();
    json.Member("url", visit.url);
    json.Member("ip", visit.ip);
    json.Member("timestamp", FormatSpaced(visit.at));
    json.EndObject();
  }
  json.EndArray();
  if (policy.not_counted() != nullptr) WriteNotCounted(json, *policy.not_counted());
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
  const auto bots = ReadBots(query);
  if (!bots) return UnprocessableEntity(bots.error());
  if (*url) return PageStatsOf(**url, *window_start, *bots, service);

  return BackgroundJob{[inquiry = SiteInquiry(limit->value_or(kDefaultPages), *bots), policy = service.policy](
                           VisitReader& store) { return Ok(SiteStatsJson(store.Ask(inquiry), *policy)); }};
}

}  // namespace page_count
