#include <algorithm>
#include <limits>
#include <memory>

#include "worker/endpoints/endpoints.h"
#include "worker/endpoints/figures.h"
#include "worker/endpoints/window.h"

namespace page_count {
namespace {

void WritePage(JsonWriter& json, const Summary::Page& page) {
  json.Key(page.url);
  json.StartObject();
  json.Member("total_visits", page.visits);
  json.Member("unique_ips", page.clients);
  WriteMember(json, "by_hour", page.by_hour);
  WriteMember(json, "user_agents", page.by_agent);
  WriteMember(json, "recent_visits", page.recent);
  json.EndObject();
}

// A page at a time: all of it may be megabytes.
void WriteSummary(const Summary& summary, size_t pages, const WriteBody& write) {
  JsonWriter json;
  json.StartObject();
  json.Key("data");
  json.StartObject();
  for (size_t i = 0; i < std::min(pages, summary.pages.size()); ++i) {
    WritePage(json, summary.pages[i]);
    if (!write(json.TakePiece())) return;
  }
  json.EndObject();
  json.Member("total_entries", summary.visits);
  json.Key("date_range");
  if (summary.oldest_and_newest) {
    json.StartObject();
    json.Member("earliest", FormatIso(summary.oldest_and_newest->first));
    json.Member("latest", FormatIso(summary.oldest_and_newest->second));
    json.EndObject();
  } else {
    json.Null();
  }
  json.EndObject();
  write(json.Take());
}

}  // namespace

// GET /summary: all pages, their totals and what they did in the last hours.
Answer GetSummary(const Request& request, const Service& service) {
  const QueryString query(request.query);
  const auto window_start = ReadWindowStart(query, service.now());
  if (!window_start) return UnprocessableEntity(window_start.error());
  const auto limit = query.ReadCount("limit");
  if (!limit) return UnprocessableEntity(limit.error());

  const auto pages = static_cast<size_t>(limit->value_or(std::numeric_limits<int64_t>::max()));
  return Deferred{[start = *window_start, pages](VisitStore& store) {
    Response response;
    response.stream = [summary = std::make_shared<const Summary>(store.ReadSummary(start)),
                       pages](const WriteBody& write) { WriteSummary(*summary, pages, write); };
    return response;
  }};
}

}  // namespace page_count
