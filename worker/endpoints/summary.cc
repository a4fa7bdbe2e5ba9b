#include <algorithm>
#include <memory>
#include <span>
#include <string_view>
#include <unordered_map>

#include "worker/endpoints/endpoints.h"
#include "worker/endpoints/figures.h"
#include "worker/endpoints/query_parameters.h"
#include "worker/endpoints/window.h"

namespace page_count {
namespace {

using Rows = std::span<const Figures::Row>;

constexpr size_t kChunkBytes = 64 << 10;       // about: all of it may be megabytes
constexpr size_t kRecentVisits = 100;          // the newest in the window;
constexpr size_t kRecentVisitsOfOnePage = 10;  // of these so many a page

Inquiry SummaryInquiry(UtcTime window_start, std::optional<size_t> pages, Question::Bots bots) {
  const TimeRange window{.from = window_start};
  Inquiry inquiry;
  inquiry.questions = {
      {},
      {.group_by = {Dimension::kPage}, .limit = pages},
      {.group_by = {Dimension::kPage}, .measure = Question::Measure::kVisitors, .order = Question::Order::kByKey},
      {.range = window, .group_by = {Dimension::kPage, Dimension::kInterval}, .order = Question::Order::kByKey},
      {.range = window, .group_by = {Dimension::kPage, Dimension::kAgent}, .order = Question::Order::kByKey}};
  for (Question& question : inquiry.questions) question.bots = bots;
  inquiry.newest = NewestVisits{.range = window, .limit = kRecentVisits, .bots = bots};
  return inquiry;
}

// A summary under way to its reader.
class SummaryText {
 public:
  explicit SummaryText(Answers answers) : answers_(std::move(answers)) {
    for (const LoggedVisit& visit : answers_.newest) {
      auto& recent = recent_[visit.url];
      if (recent.size() < kRecentVisitsOfOnePage) recent.push_back(visit);
    }
    json_.StartObject();
    json_.Key("data");
    json_.StartObject();
  }

  // Adds the next pages to the text; false once that was all.
  bool Next(std::string& text) {
    while (next_ < pages_.rows.size() && text.size() < kChunkBytes) {
      WritePage(pages_.rows[next_++]);
      text += json_.TakeChunk();
    }
    if (next_ < pages_.rows.size()) return true;
    WriteRest();
    text += json_.Take();
    return false;
  }

 private:
  // Figures by page, then something else: the rows of one page.
  static Rows RowsOf(int64_t page, const Figures& figures) {
    const auto [first, last] = std::equal_range(
        figures.rows.begin(), figures.rows.end(), Figures::Row{{page, 0}, 0},
        [](const Figures::Row& left, const Figures::Row& right) { return left.keys[0] < right.keys[0]; });
    return {first, last};
  }

  void WritePage(const Figures::Row& page) {
    const std::string_view url = pages_.Text(page);
    const Rows by_agent = RowsOf(page.keys[0], by_agent_);
    std::vector<Figures::Row> agents(by_agent.begin(), by_agent.end());
    std::stable_sort(agents.begin(), agents.end(),
                     [](const Figures::Row& left, const Figures::Row& right) { return left.count > right.count; });
    json_.Key(url);
    json_.StartObject();
    json_.Member("total_visits", page.count);
    json_.Member("unique_ips", RowsOf(page.keys[0], visitors_).front().count);
    WriteMember(json_, "by_hour", by_hour_, RowsOf(page.keys[0], by_hour_));
    WriteMember(json_, "user_agents", by_agent_, agents);
    const auto recent = recent_.find(url);
    WriteMember(json_, "recent_visits", recent == recent_.end() ? std::span<const LoggedVisit>() : recent->second);
    json_.EndObject();
  }

  void WriteRest() {
    json_.EndObject();
    json_.Member("total_entries", answers_.figures[0].count());
    json_.Key("date_range");
    if (answers_.oldest_and_newest) {
      json_.StartObject();
      json_.Member("earliest", FormatIso(answers_.oldest_and_newest->first));
      json_.Member("latest", FormatIso(answers_.oldest_and_newest->second));
      json_.EndObject();
    } else {
      json_.Null();
    }
    json_.EndObject();
  }

  const Answers answers_;
  const Figures& pages_ = answers_.figures[1];
  const Figures& visitors_ = answers_.figures[2];
  const Figures& by_hour_ = answers_.figures[3];
  const Figures& by_agent_ = answers_.figures[4];
  std::unordered_map<std::string_view, std::vector<LoggedVisit>> recent_;
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
  const auto bots = ReadBots(query);
  if (!bots) return UnprocessableEntity(bots.error());

  return BackgroundJob{[inquiry = SummaryInquiry(*window_start, *limit, *bots)](VisitReader& store) {
    StreamedResponse response;
    const auto text = std::make_shared<SummaryText>(store.Ask(inquiry));
    response.next_chunk = [text](VisitReader&, std::string& chunk) { return text->Next(chunk); };
    return response;
  }};
}

}  // namespace page_count
