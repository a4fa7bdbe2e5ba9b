#include "tests/conformance/random_history.h"

#include <algorithm>
#include <array>

namespace page_count {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr size_t kPages = 14;
constexpr size_t kClients = 45;
constexpr size_t kAgents = 7;
constexpr size_t kSources = 9;
constexpr size_t kRequestIds = 400;
constexpr size_t kMostVisits = 40;  // of a batch; now and then a hundred times as many
constexpr size_t kLongAgentBytes = 500;

}  // namespace

// Small numbers are drawn more often than large ones.
std::string RandomHistory::DrawText(Dimension column) {
  const auto draw = [this](size_t end) { return std::to_string(std::min(Below(end), Below(end))); };
  switch (column) {
    case Dimension::kPage:
      return "http://h/" + draw(kPages);
    case Dimension::kClient:
      switch (Below(5)) {
        case 0:
          return "2001:db8::" + draw(kClients);
        case 1:
          return OnceIn(3) ? "192.0.2.0" + draw(10) : "hash-" + draw(kClients);  // texts that are no IPv4 address
        default:
          return "192.0.2." + draw(kClients);
      }
    case Dimension::kSource:
      return OnceIn(3) ? "https://from/" + draw(kSources) : "";
    default:
      return "agent " + draw(kAgents) + (OnceIn(9) ? std::string(kLongAgentBytes, 'x') : "");
  }
}

std::vector<Visit> RandomHistory::DrawBatch() {
  const size_t size = OnceIn(60) ? 100 * kMostVisits : 1 + Below(kMostVisits);
  const bool wants_page_visits = OnceIn(2);
  std::vector<Visit> visits;
  for (size_t i = 0; i < size; ++i) {
    visits.push_back({*TrackedUrl::Parse(DrawText(Dimension::kPage)), DrawText(Dimension::kClient),
                      DrawText(Dimension::kAgent), wants_page_visits, DrawText(Dimension::kSource)});
    if (!OnceIn(4)) continue;
    visits.back().request_id = "request " + std::to_string(Below(kRequestIds));
    visits.back().only_if_recorded = OnceIn(3);
  }
  return visits;
}

VisitList RandomHistory::DrawImport(UtcTime now) {
  VisitList list;
  list.order = OnceIn(2) ? VisitOrder::kOldestFirst : VisitOrder::kNewestFirst;
  const int64_t odd = list.order == VisitOrder::kOldestFirst ? 0 : 1;
  const int64_t last = std::chrono::floor<seconds>(now).time_since_epoch().count() / 2 - 1;
  const size_t spread = OnceIn(2) ? 20 : 36 * 3600;
  for (size_t left = 1 + Below(kMostVisits); left > 0; --left) {
    const seconds at(2 * (last - static_cast<int64_t>(Below(spread))) + odd);
    list.visits.push_back({DrawText(Dimension::kPage), DrawText(Dimension::kClient), DrawText(Dimension::kAgent),
                           UtcTime(at), DrawText(Dimension::kSource)});
  }
  if (OnceIn(2)) return list;  // in no order
  std::stable_sort(list.visits.begin(), list.visits.end(), [&list](const LoggedVisit& left, const LoggedVisit& right) {
    return list.order == VisitOrder::kOldestFirst ? left.at < right.at : left.at > right.at;
  });
  return list;
}

UtcTime RandomHistory::DrawTime(std::span<const LoggedVisit> log, UtcTime now) {
  const UtcTime some = now - seconds(Below(60 * 3600));
  switch (Below(4)) {
    case 0:
      return std::chrono::floor<hours>(some);
    case 1:
      return some;
    default:
      return (log.empty() ? some : log[Below(log.size())].at) + milliseconds(Below(3)) - milliseconds(1);
  }
}

TimeRange RandomHistory::DrawRange(std::span<const LoggedVisit> log, UtcTime now) {
  TimeRange range;
  if (!OnceIn(3)) range.from = DrawTime(log, now);
  if (!OnceIn(3)) range.before = DrawTime(log, now);
  if (range.from > range.before && !OnceIn(5)) std::swap(range.from, range.before);
  return range;
}

Question RandomHistory::DrawQuestion(std::span<const LoggedVisit> log, UtcTime now) {
  constexpr std::array kSizes = {0, 1, 3, 1'000};
  Question question;
  question.range = DrawRange(log, now);
  for (const Dimension column : kAllColumns) {
    for (size_t texts = OnceIn(4) ? 1 + Below(3) : 0; texts > 0; --texts) {
      question.filters[IndexOf(column)].push_back(DrawText(column));
    }
  }
  for (const Dimension attribute : kAllAttributes) {
    for (size_t texts = OnceIn(12) ? 1 + Below(3) : 0; texts > 0; --texts) {
      question.filters[IndexOf(attribute)].push_back(attributes_.ValueOf(attribute, DrawText(ColumnOf(attribute))));
    }
  }
  if (OnceIn(8)) question.page_prefixes = {"http://h/1", OnceIn(2) ? "http://h/3" : "https"};
  if (OnceIn(4)) question.bots = OnceIn(2) ? Question::Bots::kExclude : Question::Bots::kOnly;
  question.group_by = DrawGroups();
  if (OnceIn(2)) question.intervals = DrawIntervals(now, question.range);
  constexpr std::array kMeasures = {Question::Measure::kVisits, Question::Measure::kVisitors, Question::Measure::kBoth};
  constexpr std::array kOrders = {Question::Order::kByCount, Question::Order::kByKey, Question::Order::kByVisitors};
  question.measure = kMeasures[Below(kMeasures.size())];
  question.order = kOrders[Below(question.measure == Question::Measure::kBoth ? 3 : 2)];
  if (OnceIn(2)) question.limit = kSizes[Below(kSizes.size())];
  if (OnceIn(4)) question.offset = Below(5);
  question.counts_groups = OnceIn(2);
  return question;
}

std::vector<Dimension> RandomHistory::DrawGroups() {
  std::vector<Dimension> dimensions(kAllColumns.begin(), kAllColumns.end());
  dimensions.push_back(Dimension::kInterval);
  if (OnceIn(2)) dimensions.insert(dimensions.end(), kAllAttributes.begin(), kAllAttributes.end());
  std::shuffle(dimensions.begin(), dimensions.end(), random_);
  dimensions.resize(Below(3));
  return dimensions;
}

// A list of instants covers the range.
Intervals RandomHistory::DrawIntervals(UtcTime now, TimeRange& range) {
  if (OnceIn(2)) return Intervals::Every(std::chrono::minutes(1 + Below(3'000)), now - hours(Below(100)));
  std::vector<UtcTime> edges;
  for (size_t left = 2 + Below(6); left > 0; --left) edges.push_back(now - seconds(Below(60 * 3600)));
  std::sort(edges.begin(), edges.end());
  edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
  if (edges.size() < 2) return {};
  range = {edges.front(), edges.back()};
  return Intervals::Between(std::move(edges));
}

Question RandomHistory::DrawQuestionOfAnEndpoint(std::span<const LoggedVisit> log, UtcTime now) {
  Question question;
  const bool of_a_page = OnceIn(2);
  if (of_a_page) question.filters[IndexOf(Dimension::kPage)] = {DrawText(Dimension::kPage)};
  if (OnceIn(2)) {
    question.range.from = DrawTime(log, now);
    question.group_by = {OnceIn(2) ? Dimension::kInterval : Dimension::kAgent};
    if (!of_a_page) question.group_by.insert(question.group_by.begin(), Dimension::kPage);
  } else {
    if (OnceIn(2)) question.measure = Question::Measure::kVisitors;
    if (!of_a_page && OnceIn(2)) question.group_by = {Dimension::kPage};
  }
  if (OnceIn(2)) question.order = Question::Order::kByKey;
  if (OnceIn(3)) question.limit = Below(8);
  return question;
}

Inquiry RandomHistory::DrawInquiry(std::span<const LoggedVisit> log, UtcTime now) {
  Inquiry inquiry;
  for (size_t left = 1 + Below(5); left > 0; --left) {
    inquiry.questions.push_back(OnceIn(2) ? DrawQuestion(log, now) : DrawQuestionOfAnEndpoint(log, now));
  }
  if (OnceIn(2)) {
    inquiry.newest = NewestVisits{DrawRange(log, now), std::nullopt, Below(30)};
    if (OnceIn(2)) inquiry.newest->page = DrawText(Dimension::kPage);
    if (OnceIn(3)) inquiry.newest->bots = OnceIn(2) ? Question::Bots::kExclude : Question::Bots::kOnly;
  }
  return inquiry;
}

ScanRange RandomHistory::DrawScan(std::span<const LoggedVisit> log, UtcTime now) {
  ScanRange range;
  if (OnceIn(2)) range.from = DrawTime(log, now);
  if (OnceIn(2)) range.before = DrawTime(log, now);
  if (OnceIn(3)) range.offset = static_cast<int64_t>(Below(log.size() + 2));
  if (OnceIn(2)) range.limit = static_cast<int64_t>(Below(log.size() + 2));
  if (OnceIn(3)) range.bots = OnceIn(2) ? Question::Bots::kExclude : Question::Bots::kOnly;
  for (const Dimension attribute : kAllAttributes) {
    if (OnceIn(3)) range.attributes.push_back(attribute);
  }
  return range;
}

}  // namespace page_count
