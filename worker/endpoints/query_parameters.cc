#include "worker/endpoints/query_parameters.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "worker/endpoints/time_parameter.h"
#include "worker/endpoints/window.h"
#include "worker/visits/tracked_url.h"

namespace page_count {
namespace {

using std::chrono::days;

constexpr int64_t kMostGroups = 100'000;
constexpr size_t kDefaultGroups = 100;
constexpr size_t kMostEdges = 10'001;
constexpr UtcTime kSomeMonday = std::chrono::sys_days(std::chrono::year(2024) / 1 / 1);

// How visits are grouped, and if it is by a text also filtered, by name. Of a page's prefix there is a filter only, see
// ReadFilters.
struct NamedDimension {
  std::string_view name;
  Dimension dimension;
};
constexpr std::array<NamedDimension, 16> kDimensions = {{
    {"hour", Dimension::kInterval},
    {"day", Dimension::kInterval},
    {"week", Dimension::kInterval},
    {"month", Dimension::kInterval},
    {"page", Dimension::kPage},
    {"host", Dimension::kHost},
    {"path-prefix", Dimension::kDirectory},
    {"source", Dimension::kSite},
    {"medium", Dimension::kMedium},
    {"campaign", Dimension::kCampaign},
    {"browser", Dimension::kBrowser},
    {"system", Dimension::kSystem},
    {"device", Dimension::kDevice},
    {"country", Dimension::kCountry},
    {"agent", Dimension::kAgent},
    {"bot", Dimension::kBot},
}};

InvalidInput Invalid(std::string_view name, std::string message, std::string type = "value_error") {
  return {{"query", std::string(name)}, std::move(message), std::move(type)};
}

const NamedDimension* FindDimension(std::string_view name) {
  const auto found =
      std::find_if(kDimensions.begin(), kDimensions.end(), [&](const NamedDimension& one) { return one.name == name; });
  return found == kDimensions.end() ? nullptr : &*found;
}

std::string AllNames() {
  std::string names;
  for (const NamedDimension& one : kDimensions) {
    if (&one == &kDimensions.back()) names += "or ";
    names.append("'").append(one.name).append(&one == &kDimensions.back() ? "'" : "', ");
  }
  return names;
}

// Months have no one length: those of a century and a half, from 1970 on.
Intervals Months() {
  std::vector<UtcTime> edges;
  for (int year = 1970; year < 2120; ++year) {
    for (unsigned month = 1; month <= 12; ++month) {
      edges.emplace_back(std::chrono::sys_days(std::chrono::year(year) / std::chrono::month(month) / 1));
    }
  }
  return Intervals::Between(std::move(edges));
}

Intervals IntervalsOf(std::string_view name) {
  if (name == "day") return Intervals::Every(days(1));
  if (name == "week") return Intervals::Every(days(7), kSomeMonday);
  if (name == "month") return Months();
  return {};
}

// from=, to=, or hours=.
std::optional<InvalidInput> ReadRange(const QueryString& query, UtcTime now, QueryParameters& parameters) {
  TimeRange& range = parameters.question.range;
  const auto from = ReadTime(query, "from", ParseUtcTime);
  if (!from) return from.error();
  const auto to = ReadTime(query, "to", ParseUtcTime);
  if (!to) return to.error();
  const auto window_start = ReadWindowStart(query, now);
  if (!window_start) return window_start.error();
  if (*from) {
    range.from = **from;
  } else if (!*to) {
    range.from = *window_start;
  }
  if (*to) range.before = **to;
  range.before = std::max(range.from, range.before);
  parameters.has_beginning = *from || !*to;
  return std::nullopt;
}

// edges=: the caller's own intervals, and with them the range.
std::optional<InvalidInput> ReadEdges(std::string_view text, QueryParameters& parameters) {
  std::vector<UtcTime> edges;
  for (size_t start = 0; start <= text.size();) {
    const size_t end = std::min(text.find(',', start), text.size());
    const auto time = ParseUtcTime(text.substr(start, end - start));
    if (!time) {
      return Invalid("edges", "Input should be times that exist, like 2025-09-14T22:00:00Z, with commas between them",
                     "datetime_parsing");
    }
    edges.push_back(*time);
    start = end + 1;
  }
  const bool ascend = std::adjacent_find(edges.begin(), edges.end(), std::greater_equal<>()) == edges.end();
  if (edges.size() < 2 || edges.size() > kMostEdges || !ascend) {
    return Invalid("edges", "Input should be 2 to 10001 times, each later than the one before");
  }
  parameters.question.range = {edges.front(), edges.back()};
  parameters.question.intervals = Intervals::Between(std::move(edges));
  parameters.has_beginning = true;
  return std::nullopt;
}

std::optional<InvalidInput> ReadGroups(const QueryString& query, UtcTime now, QueryParameters& parameters) {
  const auto by = query.ReadText("by");
  if (!by) return by.error();
  const auto edges = query.ReadText("edges");
  if (!edges) return edges.error();
  Question& question = parameters.question;
  if (*by) {
    const NamedDimension* found = FindDimension(**by);
    if (found == nullptr) return Invalid("by", "Input should be " + AllNames(), "enum");
    question.group_by = {found->dimension};
    parameters.by = **by;
  }
  if (!*edges) {
    question.intervals = IntervalsOf(parameters.by);
    return ReadRange(query, now, parameters);
  }
  if (*by && question.group_by.front() != Dimension::kInterval) {
    return Invalid("edges", "Input is for by=hour, day, week or month, or without by");
  }
  question.group_by = {Dimension::kInterval};
  if (!*by) parameters.by = "interval";
  return ReadEdges(**edges, parameters);
}

std::optional<InvalidInput> ReadFilters(const QueryString& query, Question& question) {
  for (const NamedDimension& one : kDimensions) {
    if (!IsText(one.dimension)) continue;
    const bool is_of_url = ColumnOf(one.dimension) == Dimension::kPage;
    for (std::string& text : is_of_url ? query.FindAllUrls(one.name) : query.FindAll(one.name)) {
      if (one.dimension == Dimension::kPage) {
        auto url = TrackedUrl::Parse(text);
        if (!url) return Invalid("page", url.error().message);
        text = url->text();
      }
      question.filters[IndexOf(one.dimension)].push_back(std::move(text));
    }
  }
  for (std::string& prefix : query.FindAllUrls("page-prefix")) {
    if (prefix.empty()) return Invalid("page-prefix", "Parameter should not be empty", "string_too_short");
    question.page_prefixes.push_back(std::move(prefix));
  }
  const auto bots = ReadBots(query);
  if (!bots) return bots.error();
  question.bots = *bots;
  return std::nullopt;
}

std::optional<InvalidInput> ReadMeasure(const QueryString& query, QueryParameters& parameters) {
  const auto measure = query.ReadText("measure");
  if (!measure) return measure.error();
  const std::string& text = measure->value_or("visits,visitors");
  if (text != "visits" && text != "visitors" && text != "visits,visitors" && text != "visitors,visits") {
    return Invalid("measure", "Input should be 'visits', 'visitors' or 'visits,visitors'", "enum");
  }
  parameters.wants_visits = text != "visitors";
  parameters.wants_visitors = text != "visits";
  return std::nullopt;
}

std::optional<InvalidInput> ReadOrder(const QueryString& query, QueryParameters& parameters) {
  Question& question = parameters.question;
  const auto order = query.ReadText("order");
  if (!order) return order.error();
  const std::string text = order->value_or(parameters.is_series()    ? "key"
                                           : parameters.wants_visits ? "visits"
                                                                     : "visitors");
  if (text != "visits" && text != "visitors" && text != "key") {
    return Invalid("order", "Input should be 'visits', 'visitors' or 'key'", "enum");
  }
  question.order = text == "visits"     ? Question::Order::kByCount
                   : text == "visitors" ? Question::Order::kByVisitors
                                        : Question::Order::kByKey;
  // One is counted faster than both. Its count is that of the measure.
  if (parameters.wants_visits && !parameters.wants_visitors && text != "visitors") {
    question.measure = Question::Measure::kVisits;
  } else if (parameters.wants_visitors && !parameters.wants_visits && text != "visits") {
    question.measure = Question::Measure::kVisitors;
    if (text == "visitors") question.order = Question::Order::kByCount;
  } else {
    question.measure = Question::Measure::kBoth;
  }
  const auto limit = query.ReadInteger("limit", 0, kMostGroups);
  if (!limit) return limit.error();
  const auto offset = query.ReadCount("offset");
  if (!offset) return offset.error();
  question.limit = limit->value_or(parameters.is_series() ? kMostGroups : int64_t{kDefaultGroups});
  question.offset = static_cast<size_t>(offset->value_or(0));
  return std::nullopt;
}

std::optional<InvalidInput> ReadForm(const QueryString& query, QueryParameters& parameters) {
  const auto compare = query.ReadText("compare");
  if (!compare) return compare.error();
  if (*compare && **compare != "previous") return Invalid("compare", "Input should be 'previous'", "enum");
  parameters.compares = compare->has_value();
  if (parameters.compares && !parameters.has_beginning) {
    return Invalid("compare", "There is no period before one that has no beginning: give 'from' or 'hours'");
  }
  const auto format = query.ReadText("format");
  if (!format) return format.error();
  if (*format && **format != "json" && **format != "csv") {
    return Invalid("format", "Input should be 'json' or 'csv'", "enum");
  }
  parameters.format = *format && **format == "csv" ? QueryParameters::Format::kCsv : QueryParameters::Format::kJson;
  return std::nullopt;
}

}  // namespace

Result<Question::Bots, InvalidInput> ReadBots(const QueryString& query) {
  const auto bots = query.ReadText("bots");
  if (!bots) return bots.error();
  const std::string text = bots->value_or("include");
  if (text == "include") return Question::Bots::kInclude;
  if (text == "exclude") return Question::Bots::kExclude;
  if (text == "only") return Question::Bots::kOnly;
  return Invalid("bots", "Input should be 'include', 'exclude' or 'only'", "enum");
}

Result<QueryParameters, InvalidInput> ReadQueryParameters(const QueryString& query, UtcTime now) {
  QueryParameters parameters;
  parameters.question.counts_groups = true;
  auto problem = ReadGroups(query, now, parameters);
  if (!problem) problem = ReadFilters(query, parameters.question);
  if (!problem) problem = ReadMeasure(query, parameters);
  if (!problem) problem = ReadOrder(query, parameters);
  if (!problem) problem = ReadForm(query, parameters);
  if (problem) return *problem;
  return parameters;
}

}  // namespace page_count
