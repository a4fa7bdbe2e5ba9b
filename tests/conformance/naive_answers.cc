#include "tests/conformance/naive_answers.h"

#include <algorithm>
#include <map>
#include <set>
#include <sstream>
#include <stdexcept>

namespace page_count {
namespace {

bool IsWithin(UtcTime at, const TimeRange& range) { return at >= range.from && at < range.before; }

std::string TextOf(const LoggedVisit& visit, Dimension text, AttributeSource* attributes) {
  switch (text) {
    case Dimension::kPage:
      return visit.url;
    case Dimension::kClient:
      return visit.ip;
    case Dimension::kAgent:
      return visit.user_agent;
    case Dimension::kSource:
      return visit.source;
    case Dimension::kInterval:
      throw std::logic_error("an interval is no text");
    default:
      return attributes == nullptr ? "" : attributes->ValueOf(text, TextOf(visit, ColumnOf(text), attributes));
  }
}

bool IsOf(const LoggedVisit& visit, Question::Bots bots, AttributeSource* attributes) {
  if (bots == Question::Bots::kInclude) return true;
  return TextOf(visit, Dimension::kBot, attributes).empty() == (bots == Question::Bots::kExclude);
}

bool Passes(const LoggedVisit& visit, const Question& question, AttributeSource* attributes) {
  for (size_t i = 0; i < kTexts; ++i) {
    const auto& texts = question.filters[i];
    if (texts.empty()) continue;
    const std::string text = TextOf(visit, static_cast<Dimension>(i), attributes);
    if (std::find(texts.begin(), texts.end(), text) == texts.end()) return false;
  }
  if (!IsOf(visit, question.bots, attributes)) return false;
  const auto& prefixes = question.page_prefixes;
  return prefixes.empty() || std::any_of(prefixes.begin(), prefixes.end(),
                                         [&](const std::string& prefix) { return visit.url.starts_with(prefix); });
}

constexpr int64_t kLowestInterval = int64_t{1} << 60;  // negated: numbers from there on have as many digits

// An interval as a text that sorts as intervals do.
std::string KeyOf(const LoggedVisit& visit, Dimension dimension, const Question& question,
                  AttributeSource* attributes) {
  if (dimension != Dimension::kInterval) return TextOf(visit, dimension, attributes);
  return std::to_string(kLowestInterval + question.intervals.IndexOf(visit.at));
}

struct Group {
  std::vector<std::string> keys;
  int64_t count;
  int64_t visitors = 0;
};

std::vector<Group> Count(std::span<const LoggedVisit> visits, const Question& question, AttributeSource* attributes) {
  std::map<std::vector<std::string>, std::pair<int64_t, std::set<std::string>>> counts;
  if (question.group_by.empty()) counts[{}] = {};
  for (const LoggedVisit& visit : visits) {
    if (!IsWithin(visit.at, question.range) || !Passes(visit, question, attributes)) continue;
    std::vector<std::string> keys;
    for (const Dimension dimension : question.group_by) {
      keys.push_back(KeyOf(visit, dimension, question, attributes));
    }
    auto& [count, visitors] = counts[keys];
    ++count;
    visitors.insert(visit.ip);
  }
  std::vector<Group> groups;
  for (const auto& [keys, counted] : counts) {
    const auto visitors = static_cast<int64_t>(counted.second.size());
    groups.push_back({keys, question.measure == Question::Measure::kVisitors ? visitors : counted.first,
                      question.measure == Question::Measure::kBoth ? visitors : 0});
  }
  return groups;
}

void SortAndCut(const Question& question, std::vector<Group>& groups) {
  if (question.order == Question::Order::kByCount) {
    std::stable_sort(groups.begin(), groups.end(), [](const Group& a, const Group& b) { return a.count > b.count; });
  } else if (question.order == Question::Order::kByVisitors) {
    std::stable_sort(groups.begin(), groups.end(),
                     [](const Group& a, const Group& b) { return a.visitors > b.visitors; });
  }
  groups.erase(groups.begin(), groups.begin() + static_cast<std::ptrdiff_t>(std::min(question.offset, groups.size())));
  if (question.limit && groups.size() > *question.limit) groups.resize(*question.limit);
}

// The place of each group's texts among all of them.
std::vector<Figures> WithTexts(const std::vector<Question>& questions, const std::vector<std::vector<Group>>& counted) {
  std::array<std::set<std::string>, kTexts> all;
  for (size_t i = 0; i < questions.size(); ++i) {
    for (const auto& [keys, count, visitors] : counted[i]) {
      for (size_t place = 0; place < keys.size(); ++place) {
        const Dimension dimension = questions[i].group_by[place];
        if (IsText(dimension)) all[IndexOf(dimension)].insert(keys[place]);
      }
    }
  }
  auto texts = std::make_shared<Texts>();
  for (size_t text = 0; text < kTexts; ++text) (*texts)[text].assign(all[text].begin(), all[text].end());
  std::vector<Figures> figures;
  for (size_t i = 0; i < questions.size(); ++i) {
    Figures& of_question = figures.emplace_back(Figures{questions[i].group_by, {}, texts, questions[i].intervals});
    for (const auto& [keys, count, visitors] : counted[i]) {
      Figures::Row row{{}, count, visitors};
      for (size_t place = 0; place < keys.size(); ++place) {
        const Dimension dimension = questions[i].group_by[place];
        if (dimension == Dimension::kInterval) {
          row.keys[place] = std::stoll(keys[place]) - kLowestInterval;
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

constexpr const char* kNames[] = {"page",   "client", "agent", "source", "host",   "directory", "country", "browser",
                                  "system", "device", "bot",   "site",   "medium", "campaign",  "interval"};

std::string Printed(const Question& question) {
  std::ostringstream text;
  text << (question.measure == Question::Measure::kVisitors ? "visitors " : "visits ") << Printed(question.range);
  for (size_t i = 0; i < kTexts; ++i) {
    for (const std::string& one : question.filters[i]) text << ", " << kNames[i] << " is '" << one << "'";
  }
  for (const std::string& prefix : question.page_prefixes) text << ", page begins with " << prefix;
  if (question.bots != Question::Bots::kInclude) {
    text << (question.bots == Question::Bots::kOnly ? ", bots only" : ", no bots");
  }
  for (const Dimension dimension : question.group_by) text << ", by " << kNames[IndexOf(dimension)];
  text << (question.order == Question::Order::kByKey ? ", ordered by key" : "");
  if (question.measure == Question::Measure::kBoth) text << ", and visitors";
  if (question.offset > 0) text << ", offset " << question.offset;
  if (question.limit) text << ", limit " << *question.limit;
  return text.str();
}

}  // namespace

Answers AnswerNaively(std::span<const LoggedVisit> visits, const Inquiry& inquiry, AttributeSource* attributes) {
  Answers answers;
  std::vector<std::vector<Group>> counted;
  std::vector<size_t> sizes;
  for (const Question& question : inquiry.questions) {
    auto& groups = counted.emplace_back(Count(visits, question, attributes));
    sizes.push_back(question.counts_groups ? groups.size() : 0);
    SortAndCut(question, groups);
  }
  answers.figures = WithTexts(inquiry.questions, counted);
  for (size_t i = 0; i < sizes.size(); ++i) answers.figures[i].groups = sizes[i];
  for (auto visit = visits.rbegin(); inquiry.newest && visit != visits.rend(); ++visit) {
    if (answers.newest.size() == inquiry.newest->limit) break;
    if (!IsOf(*visit, inquiry.newest->bots, attributes)) continue;
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
    for (const std::string& value : visit.attributes) lines.back().append(", ").append(value);
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
        line += IsText(figures.group_by[place]) ? std::string(figures.Text(row, place))
                                                : FormatSpaced(figures.Start(row, place));
      }
      lines.push_back(line + " = " + std::to_string(row.count) +
                      (row.visitors > 0 ? " by " + std::to_string(row.visitors) : ""));
    }
    if (figures.groups == 0 || figures.groups == figures.rows.size()) continue;
    lines.push_back("question " + std::to_string(number) + ": of " + std::to_string(figures.groups) + " groups");
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
            inquiry.newest->page.value_or("of any page") +
            (inquiry.newest->bots == Question::Bots::kInclude ? "" : ", bots or not") + '\n';
  }
  return text;
}

}  // namespace page_count
