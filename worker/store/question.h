// What a store is asked about the visits that it keeps, and the figures that it returns.
//
// A Question counts visits, or distinct visitors, of a range of time, grouped by up to two dimensions. Questions that
// are asked together are answered from one snapshot. In their figures a key is a number: of a column or an attribute
// the place of its text among the texts of all these figures, which are sorted, so equal keys are equal texts and keys
// are ordered as their texts are; of an interval its number. Plain values, any thread; figures share their texts and
// keep them for as long as they live themselves.
#ifndef PAGE_COUNT_STORE_QUESTION_H_
#define PAGE_COUNT_STORE_QUESTION_H_

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "worker/visits/dimension.h"
#include "worker/visits/intervals.h"
#include "worker/visits/utc_time.h"
#include "worker/visits/visit.h"

namespace page_count {

// `from` is inside, `before` is not. By itself all of time.
struct TimeRange {
  UtcTime from{};
  UtcTime before = UtcTime::max();

  friend bool operator==(const TimeRange&, const TimeRange&) = default;
};

// For each column and attribute the texts of which a visit must have one; one without any is not filtered.
using Filters = std::array<std::vector<std::string>, kTexts>;

struct Question {
  enum class Measure : uint8_t { kVisits, kVisitors, kBoth };  // visitors: distinct clients
  // Counts descend, equal ones by key; keys ascend. By visitors only with kBoth, whose count is that of visits.
  enum class Order : uint8_t { kByCount, kByVisitors, kByKey };
  enum class Bots : uint8_t { kInclude, kExclude, kOnly };  // visits by agents that are known as bots

  TimeRange range = {};
  Filters filters = {};
  std::vector<std::string> page_prefixes = {};  // with one of which a page must begin; empty if it may be any
  Bots bots = Bots::kInclude;
  std::vector<Dimension> group_by = {};  // none, one or two different ones
  Intervals intervals = {};              // of Dimension::kInterval
  Measure measure = Measure::kVisits;
  Order order = Order::kByCount;
  size_t offset = 0;                           // so many groups are left out,
  std::optional<size_t> limit = std::nullopt;  // and of those after them all but so many
  bool counts_groups = false;                  // whether Figures::groups is wanted
  bool wants_titles = false;                   // whether Figures::titles is wanted; only by kPage alone
  // Only groups that this earlier question of the same inquiry, by the same dimensions, has in its figures (those of
  // equal counts at its end may be more).
  std::optional<size_t> only_groups_of = std::nullopt;

  friend bool operator==(const Question&, const Question&) = default;
};

// The texts of one Ask's figures, by column and attribute, sorted, each once.
using Texts = std::array<std::vector<std::string>, kTexts>;

struct Figures {
  struct Row {
    std::array<int64_t, 2> keys = {};  // as group_by has them
    int64_t count = 0;
    int64_t visitors = 0;  // with kBoth

    friend bool operator==(const Row&, const Row&) = default;
  };

  std::vector<Dimension> group_by = {};  // the question's
  std::vector<Row> rows = {};            // no group without a visit; without group_by there is exactly one row
  std::shared_ptr<const Texts> texts = nullptr;
  Intervals intervals = {};              // the question's
  size_t groups = 0;                     // how many there are without offset and limit; 0 if nobody asks
  std::vector<std::string> titles = {};  // of each row's page, empty if none is known; none if nobody asks

  // Of a question without group_by.
  int64_t count() const { return rows.front().count; }
  // A row's key of a column or an attribute, and of an interval its start.
  std::string_view Text(const Row& row, size_t place = 0) const {
    return (*texts)[IndexOf(group_by[place])][static_cast<size_t>(row.keys[place])];
  }
  UtcTime Start(const Row& row, size_t place = 0) const { return intervals.StartOf(row.keys[place]); }
};

// The newest visits of a range, of one page if it is given, newest first.
struct NewestVisits {
  TimeRange range = {};
  std::optional<std::string> page = std::nullopt;
  size_t limit = 0;
  Question::Bots bots = Question::Bots::kInclude;

  friend bool operator==(const NewestVisits&, const NewestVisits&) = default;
};

// What is read together.
struct Inquiry {
  std::vector<Question> questions = {};
  std::optional<NewestVisits> newest = std::nullopt;
};

struct Answers {
  std::vector<Figures> figures = {};  // one a question, in their order
  std::vector<LoggedVisit> newest = {};
  std::optional<std::pair<UtcTime, UtcTime>> oldest_and_newest = std::nullopt;  // of all visits that are kept
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_QUESTION_H_
