#include "tests/conformance/naive_answers.h"

#include <algorithm>
#include <map>
#include <set>
#include <sstream>
#include <stdexcept>

namespace page_count {
namespace {

bool IsWithin(UtcTime at, const TimeRange& range) { return at >= range.from && at < range.before; }

const std::string& ColumnOf(const LoggedVisit& visit, Dimension column) {
  switch (column) {
    case Dimension::kPage:
      return visit.url;
    case Dimension::kClient:
      return visit.ip;
    case Dimension::kAgent:
      return visit.user_agent;
    case Dimension::kSource:
      return visit.source;
    case Dimension::kHour:
      break;
  }
  throw std::logic_error("an hour is no column");
}

bool Passes(const LoggedVisit& visit, const Filters& filters) {
  for (size_t column = 0; column < kColumns; ++column) {
    const auto& texts = filters[column];
    const std::string& text = ColumnOf(visit, static_cast<Dimension>(column));
    if (!texts.empty() && std::find(texts.begin(), texts.end(), text) == texts.end()) return false;
  }
  return true;
}

// An hour as a text that sorts as hours do.
std::string KeyOf(const LoggedVisit& visit, Dimension dimension) {
  return dimension == Dimension::kHour ? FormatHour(visit.at) : ColumnOf(visit, dimension);
}

using Group = std::pair<std::vector<std::string>, int64_t>;

std::vector<Group> Count(std::span<const LoggedVisit> visits, const Question& question) {
  std::map<std::vector<std::string>, std::pair<int64_t, std::set<std::string>>> counts;
  if (question.group_by.empty()) counts[{}] = {};
  for (const LoggedVisit& visit : visits) {
    if (!IsWithin(visit.at, question.range) || !Passes(visit, question.filters)) continue;
    std::vector<std::string> keys;
    for (const Dimension dimension : question.group_by) keys.push_back(KeyOf(visit, dimension));
    auto& [count, visitors] = counts[keys];
    ++count;
    visitors.insert(visit.ip);
  }
  std::vector<Group> groups;
  for (const auto& [keys, counted] : counts) {
    const bool of_visits = question.measure == Question::Measure::kVisits;
    groups.emplace_back(keys, of_visits ? counted.first : static_cast<int64_t>(counted.second.size()));
  }
  if (question.order == Question::Order::kByCount) {
    std::stable_sort(groups.begin(), groups.end(), [](const Group& a, const Group& b) { return a.second > b.second; });
  }
  if (question.limit && groups.size() > *question.limit) groups.resize(*question.limit);
  return groups;
}

// The place of each group's texts among all of them.
std::vector<Figures> WithTexts(const std::vector<Question>& questions, const std::vector<std::vector<Group>>& counted) {
  std::array<std::set<std::string>, kColumns> all;
  for (size_t i = 0; i < questions.size(); ++i) {
    for (const auto& [keys, count] : counted[i]) {
      for (size_t place = 0; place < keys.size(); ++place) {
        const Dimension dimension = questions[i].group_by[place];
        if (IsColumn(dimension)) all[IndexOf(dimension)].insert(keys[place]);
      }
    }
  }
  auto texts = std::make_shared<Texts>();
  for (size_t column = 0; column < kColumns; ++column) (*texts)[column].assign(all[column].begin(), all[column].end());
  std::vector<Figures> figures;
  for (size_t i = 0; i < questions.size(); ++i) {
    Figures& of_question = figures.emplace_back(Figures{questions[i].group_by, {}, texts});
    for (const auto& [keys, count] : counted[i]) {
      Figures::Row row{{}, count};
      for (size_t place = 0; place < keys.size(); ++place) {
        const Dimension dimension = questions[i].group_by[place];
        if (dimension == Dimension::kHour) {
          row.keys[place] =
              std::chrono::floor<std::chrono::hours>(*ParseUtcTime(keys[place])).time_since_epoch().count();
        } else {
          const auto& column = (*texts)[IndexOf(dimension)];
          row.keys[place] = std::lower_bound(column.begin(), column.end(), keys[place]) - column.begin();
        }
      }
      of_question.rows.push_back(row);
    }
  }
  return figures;
}

std::string Printed(const TimeRange& range) {
  const std::string before = range.before == UtcTime::max() ? "the end" : FormatSpaced(range.before);
  return "from " + FormatSpaced(range.from) + " before " + before;
}

constexpr const char* kNames[] = {"page", "client", "agent", "source", "hour"};

std::string Printed(const Question& question) {
  std::ostringstream text;
  text << (question.measure == Question::Measure::kVisits ? "visits " : "visitors ") << Printed(question.range);
  for (size_t column = 0; column < kColumns; ++column) {
    for (const std::string& one : question.filters[column]) text << ", " << kNames[column] << " is " << one;
  }
  for (const Dimension dimension : question.group_by) text << ", by " << kNames[IndexOf(dimension)];
  text << (question.order == Question::Order::kByKey ? ", ordered by key" : "");
  if (question.limit) text << ", limit " << *question.limit;
  return text.str();
}

}  // namespace

Answers AnswerNaively(std::span<const LoggedVisit> visits, const Inquiry& inquiry) {
  Answers answers;
  std::vector<std::vector<Group>> counted;
  for (const Question& question : inquiry.questions) counted.push_back(Count(visits, question));
  answers.figures = WithTexts(inquiry.questions, counted);
  for (auto visit = visits.rbegin(); inquiry.newest && visit != visits.rend(); ++visit) {
    if (answers.newest.size() == inquiry.newest->limit) break;
    const bool is_of_page = !inquiry.newest->page || visit->url == *inquiry.newest->page;
    if (is_of_page && IsWithin(visit->at, inquiry.newest->range)) answers.newest.push_back(*visit);
  }
  if (!visits.empty()) answers.oldest_and_newest = {visits.front().at, visits.back().at};
  return answers;
}

std::vector<std::string> LinesOf(std::span<const LoggedVisit> visits) {
  std::vector<std::string> lines;
  for (const LoggedVisit& visit : visits) {
    lines.push_back(std::to_string(visit.at.time_since_epoch().count()) + ' ' + visit.url + ' ' + visit.ip + ' ' +
                    visit.user_agent.substr(0, 40) + ' ' + visit.source);
  }
  return lines;
}

std::vector<std::string> LinesOf(const Answers& answers) {
  std::vector<std::string> lines;
  size_t number = 0;
  for (const Figures& figures : answers.figures) {
    ++number;
    for (const Figures::Row& row : figures.rows) {
      std::string line = "question " + std::to_string(number) + ":";
      for (size_t place = 0; place < figures.group_by.size(); ++place) {
        line += ' ';
        line += IsColumn(figures.group_by[place]) ? std::string(figures.Text(row, place))
                                                  : FormatHour(Figures::Hour(row, place));
      }
      lines.push_back(line + " = " + std::to_string(row.count));
    }
  }
  for (const std::string& line : LinesOf(answers.newest)) lines.push_back("newest: " + line);
  if (answers.oldest_and_newest) {
    lines.push_back("oldest " + std::to_string(answers.oldest_and_newest->first.time_since_epoch().count()));
    lines.push_back("newest " + std::to_string(answers.oldest_and_newest->second.time_since_epoch().count()));
  }
  return lines;
}

std::string Difference(const std::vector<std::string>& lines, const std::vector<std::string>& expected) {
  const auto [line, other] = std::mismatch(lines.begin(), lines.end(), expected.begin(), expected.end());
  if (line == lines.end() && other == expected.end()) return {};
  std::string text = "line " + std::to_string(line - lines.begin() + 1) + " is the first that differs\n";
  const auto add = [&text](const std::vector<std::string>& some, const std::vector<std::string>& others,
                           const char* is) {
    const std::multiset<std::string> all(others.begin(), others.end());
    for (const std::string& one : some) {
      if (all.count(one) == 0) text += is + one + '\n';
    }
  };
  add(expected, lines, "missing: ");
  add(lines, expected, "too much: ");
  return text;
}

std::string Described(const Inquiry& inquiry) {
  std::string text;
  size_t number = 0;
  for (const Question& question : inquiry.questions) {
    text += "question " + std::to_string(++number) + ": " + Printed(question) + '\n';
  }
  if (inquiry.newest) {
    text += "newest " + std::to_string(inquiry.newest->limit) + ' ' + Printed(inquiry.newest->range) + ' ' +
            inquiry.newest->page.value_or("of any page") + '\n';
  }
  return text;
}

}  // namespace page_count
