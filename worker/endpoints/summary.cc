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

constexpr size_t kPieceBytes = 64 << 10;  // about: all of it may be megabytes

// A summary under way to its reader.
class SummaryText {
 public:
  SummaryText(Summary summary, size_t pages)
      : summary_(std::move(summary)), pages_(std::min(pages, summary_.pages.size())) {
    json_.StartObject();
    json_.Key("data");
    json_.StartObject();
  }

  // Adds the next pages to the text; false once that was all.
  bool Next(std::string& text) {
    while (next_ < pages_ && text.size() < kPieceBytes) {
      WritePage(json_, summary_.pages[next_++]);
      text += json_.TakePiece();
    }
    if (next_ < pages_) return true;
    WriteRest();
    text += json_.Take();
    return false;
  }

 private:
  void WriteRest() {
    json_.EndObject();
    json_.Member("total_entries", summary_.visits);
    json_.Key("date_range");
    if (summary_.oldest_and_newest) {
      json_.StartObject();
      json_.Member("earliest", FormatIso(summary_.oldest_and_newest->first));
      json_.Member("latest", FormatIso(summary_.oldest_and_newest->second));
      json_.EndObject();
    } else {
      json_.Null();
    }
    json_.EndObject();
  }

  Summary summary_;
  size_t pages_;
  size_t next_ = 0;
  JsonWriter json_;
};

}  // namespace

// GET /summary: all pages, their totals and what they did in the last hours.
EndpointResult GetSummary(const Request& request, const Service& service) {
  const QueryString query(request.query);
  const auto window_start = ReadWindowStart(query, service.now());
  if (!window_start) return UnprocessableEntity(window_start.error());
  const auto limit = query.ReadCount("limit");
  if (!limit) return UnprocessableEntity(limit.error());

  const auto pages = static_cast<size_t>(limit->value_or(std::numeric_limits<int64_t>::max()));
  return BackgroundJob{[start = *window_start, pages](VisitStore& store) {
    StreamedResponse response;
    const auto text = std::make_shared<SummaryText>(store.ReadSummary(start), pages);
    response.next_piece = [text](VisitStore&, std::string& piece) { return text->Next(piece); };
    return response;
  }};
}

}  // namespace page_count
