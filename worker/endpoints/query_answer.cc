#include "worker/endpoints/query_answer.h"

#include <algorithm>
#include <unordered_map>
#include <vector>

#include "worker/endpoints/export_format.h"
#include "worker/http/json.h"

namespace page_count {
namespace {

using std::chrono::milliseconds;

// The questions of an inquiry in their order; those after the first only if they are asked for.
constexpr size_t kTotal = 0;
constexpr size_t kGroups = 1;

struct Counts {
  int64_t visits = 0;
  int64_t visitors = 0;
};

struct Row {
  std::string key;
  Counts counts;
  Counts previous;
  std::string title = {};  // a page's, if it is known
};

TimeRange RangeUpTo(const QueryParameters& parameters, UtcTime now) {
  TimeRange range = parameters.question.range;
  if (range.before == UtcTime::max()) range.before = std::max(range.from, now);
  return range;
}

// The period before, of the same length, in intervals that lie as those of the period itself.
Question PreviousOf(const Question& question, const TimeRange& range) {
  Question previous = question;
  const auto length = range.before - range.from;
  previous.range = {range.from - length, range.from};
  previous.intervals = question.intervals.Earlier(length);
  return previous;
}

Counts CountsOf(const QueryParameters& parameters, const Figures::Row& row) {
  const bool is_visitors = parameters.question.measure == Question::Measure::kVisitors;
  return {row.count, is_visitors ? row.count : row.visitors};
}

std::string KeyOf(const Figures& figures, const Figures::Row& row) {
  return IsText(figures.group_by.front()) ? std::string(figures.Text(row)) : FormatIso(figures.Start(row));
}

// Of texts by their place among all texts, of intervals by their number.
std::unordered_map<int64_t, Counts> PreviousCounts(const QueryParameters& parameters, const Answers& answers) {
  std::unordered_map<int64_t, Counts> counts;
  if (!parameters.compares) return counts;
  for (const Figures::Row& row : answers.figures.back().rows) counts[row.keys[0]] = CountsOf(parameters, row);
  return counts;
}

// Intervals without a visit are rows too, from the range's beginning, or the first visit, to its end.
std::vector<Row> SeriesRows(const QueryParameters& parameters, const Answers& answers, UtcTime now) {
  const Figures& figures = answers.figures[kGroups];
  const TimeRange range = RangeUpTo(parameters, now);
  if (range.before <= range.from || !(parameters.has_beginning || answers.oldest_and_newest)) return {};
  const UtcTime first = parameters.has_beginning ? range.from : answers.oldest_and_newest->first;
  const Intervals& intervals = parameters.question.intervals;
  std::unordered_map<int64_t, Counts> counts;
  for (const Figures::Row& row : figures.rows) counts[row.keys[0]] = CountsOf(parameters, row);
  auto previous = PreviousCounts(parameters, answers);
  std::vector<Row> rows;
  const size_t most = parameters.question.offset + *parameters.question.limit;
  const int64_t last = intervals.IndexOf(range.before - milliseconds(1));
  for (int64_t i = intervals.IndexOf(first); i <= last && rows.size() < most; ++i) {
    rows.push_back({FormatIso(intervals.StartOf(i)), counts[i], previous[i]});
  }
  rows.erase(rows.begin(),
             rows.begin() + static_cast<std::ptrdiff_t>(std::min(parameters.question.offset, rows.size())));
  return rows;
}

std::vector<Row> RowsOf(const QueryParameters& parameters, const Answers& answers, UtcTime now) {
  if (parameters.question.group_by.empty()) return {};
  if (parameters.is_series() && parameters.question.order == Question::Order::kByKey) {
    return SeriesRows(parameters, answers, now);
  }
  const Figures& figures = answers.figures[kGroups];
  auto previous = PreviousCounts(parameters, answers);
  std::vector<Row> rows;
  rows.reserve(figures.rows.size());
  for (const Figures::Row& row : figures.rows) {
    rows.push_back({KeyOf(figures, row), CountsOf(parameters, row), previous[row.keys[0]]});
    if (!figures.titles.empty()) rows.back().title = figures.titles[rows.size() - 1];
  }
  return rows;
}

void WriteCounts(JsonWriter& json, const QueryParameters& parameters, const Counts& counts) {
  if (parameters.wants_visits) json.Member("visits", counts.visits);
  if (parameters.wants_visitors) json.Member("visitors", counts.visitors);
}

void WriteObject(JsonWriter& json, std::string_view name, const QueryParameters& parameters, const Counts& counts) {
  json.Key(name);
  json.StartObject();
  WriteCounts(json, parameters, counts);
  json.EndObject();
}

void WriteRange(JsonWriter& json, const TimeRange& range) {
  json.Member("from", FormatIso(range.from));
  json.Member("to", FormatIso(range.before));
}

void AppendCounts(const QueryParameters& parameters, const Counts& counts, std::string& text) {
  if (parameters.wants_visits) text += ',' + std::to_string(counts.visits);
  if (parameters.wants_visitors) text += ',' + std::to_string(counts.visitors);
}

}  // namespace

Inquiry QueryInquiry(const QueryParameters& parameters, UtcTime now) {
  Question total = parameters.question;
  total.group_by.clear();
  total.limit.reset();
  total.offset = 0;
  total.order = Question::Order::kByKey;
  Inquiry inquiry;
  inquiry.questions = {total};
  const bool has_groups = !parameters.question.group_by.empty();
  if (has_groups) {
    inquiry.questions.push_back(parameters.question);
    Question& groups = inquiry.questions.back();
    groups.wants_titles = groups.group_by == std::vector{Dimension::kPage};
    if (parameters.is_series() && groups.order == Question::Order::kByKey) {  // SeriesRows cuts it
      groups.limit.reset();
      groups.offset = 0;
    }
  }
  if (!parameters.compares) return inquiry;
  const TimeRange range = RangeUpTo(parameters, now);
  inquiry.questions.push_back(PreviousOf(total, range));
  if (!has_groups) return inquiry;
  Question groups = PreviousOf(parameters.question, range);  // its pages' titles are those of the other rows
  groups.limit.reset();
  groups.offset = 0;
  if (!parameters.is_series()) groups.only_groups_of = kGroups;
  inquiry.questions.push_back(groups);
  return inquiry;
}

std::string QueryJson(const QueryParameters& parameters, const Answers& answers, UtcTime now) {
  const TimeRange range = RangeUpTo(parameters, now);
  const bool has_groups = !parameters.question.group_by.empty();
  JsonWriter json;
  json.StartObject();
  WriteRange(json, range);
  WriteObject(json, "total", parameters, CountsOf(parameters, answers.figures[kTotal].rows.front()));
  if (parameters.compares) {
    json.Key("previous");
    json.StartObject();
    WriteRange(json, {range.from - (range.before - range.from), range.from});
    WriteObject(json, "total", parameters, CountsOf(parameters, answers.figures[has_groups ? 2 : 1].rows.front()));
    json.EndObject();
  }
  if (has_groups) {
    json.Member("by", parameters.by);
    json.Member("groups", static_cast<int64_t>(answers.figures[kGroups].groups));
    json.Key("rows");
    json.StartArray();
    for (const Row& row : RowsOf(parameters, answers, now)) {
      json.StartObject();
      json.Member("key", row.key);
      if (!row.title.empty()) json.Member("title", row.title);
      WriteCounts(json, parameters, row.counts);
      if (parameters.compares) WriteObject(json, "previous", parameters, row.previous);
      json.EndObject();
    }
    json.EndArray();
  }
  json.EndObject();
  return json.Take();
}

std::string QueryCsv(const QueryParameters& parameters, const Answers& answers, UtcTime now) {
  const bool has_groups = !parameters.question.group_by.empty();
  std::string text = has_groups ? parameters.by : "total";
  for (const std::string_view prefix : {"", "previous_"}) {
    if (!prefix.empty() && !parameters.compares) continue;
    if (parameters.wants_visits) text.append(",").append(prefix).append("visits");
    if (parameters.wants_visitors) text.append(",").append(prefix).append("visitors");
  }
  text += "\r\n";
  std::vector<Row> rows = RowsOf(parameters, answers, now);
  if (!has_groups) {
    rows.push_back({"total", CountsOf(parameters, answers.figures[kTotal].rows.front()), {}});
    if (parameters.compares) rows.back().previous = CountsOf(parameters, answers.figures.back().rows.front());
  }
  for (const Row& row : rows) {
    AppendCsvField(row.key, text);
    AppendCounts(parameters, row.counts, text);
    if (parameters.compares) AppendCounts(parameters, row.previous, text);
    text += "\r\n";
  }
  return text;
}

}  // namespace page_count
