#include "worker/endpoints/query_parameters.h"

#include <gtest/gtest.h>

namespace page_count {
namespace {

constexpr UtcTime kNow = std::chrono::sys_days(std::chrono::year(2026) / 11 / 27) + std::chrono::hours(12);

Question Asked(std::string_view query) {
  const auto parameters = ReadQueryParameters(QueryString(query), kNow);
  if (parameters) return parameters->question;
  ADD_FAILURE() << query << ": " << parameters.error().message;
  return {};
}
// The name of the parameter that is wrong, and what is said of it.
std::string Refused(std::string_view query) {
  const auto parameters = ReadQueryParameters(QueryString(query), kNow);
  if (parameters) return "taken";
  return std::get<std::string>(parameters.error().location.back()) + ": " + parameters.error().message;
}

TEST(QueryParameters, AskForTheLastDayUnlessSaidOtherwise) {
  EXPECT_EQ(Asked("").range, (TimeRange{kNow - std::chrono::hours(24), UtcTime::max()}));
  EXPECT_EQ(Asked("hours=1").range.from, kNow - std::chrono::hours(1));
  EXPECT_EQ(Asked("from=2026-01-01").range, (TimeRange{*ParseUtcTime("2026-01-01"), UtcTime::max()}));
  EXPECT_EQ(Asked("to=2026-01-01").range, (TimeRange{UtcTime(), *ParseUtcTime("2026-01-01")}));
  EXPECT_EQ(Asked("from=2026-02-01&to=2026-01-01").range.before, *ParseUtcTime("2026-02-01")) << "empty";
  EXPECT_EQ(Asked("from=2026-01-01&to=2026-01-02T03:00:00%2B05:30").range.before, *ParseUtcTime("2026-01-01 21:30:00"));
}

TEST(QueryParameters, FilterByAnyOfRepeatedValues) {
  const Question question =
      Asked("page=HTTP://h/a&page=http://h/b&browser=Firefox&browser=&bots=only&page-prefix=http://h/");
  EXPECT_EQ(question.filters[IndexOf(Dimension::kPage)], (std::vector<std::string>{"http://h/a", "http://h/b"}));
  EXPECT_EQ(question.filters[IndexOf(Dimension::kBrowser)], (std::vector<std::string>{"Firefox", ""}));
  EXPECT_EQ(question.bots, Question::Bots::kOnly);
  EXPECT_EQ(question.page_prefixes, std::vector<std::string>{"http://h/"});
}

TEST(QueryParameters, TakeAPlusForAPlusInUrlsAndForABlankInNames) {
  const Question question =
      Asked("page=http://h/c%2b+&page-prefix=http://h/c++&path-prefix=/c++/&host=a+b&campaign=c++&source=a+b");
  EXPECT_EQ(question.filters[IndexOf(Dimension::kPage)], std::vector<std::string>{"http://h/c++"});
  EXPECT_EQ(question.page_prefixes, std::vector<std::string>{"http://h/c++"});
  EXPECT_EQ(question.filters[IndexOf(Dimension::kDirectory)], std::vector<std::string>{"/c++/"});
  EXPECT_EQ(question.filters[IndexOf(Dimension::kHost)], std::vector<std::string>{"a+b"});
  EXPECT_EQ(question.filters[IndexOf(Dimension::kCampaign)], std::vector<std::string>{"c  "});
  EXPECT_EQ(question.filters[IndexOf(Dimension::kSite)], std::vector<std::string>{"a b"});
}

TEST(QueryParameters, TakeTheCallersOwnIntervals) {
  const Question question = Asked("edges=2026-03-28T23:00:00Z,2026-03-29T22:00:00Z,2026-03-30T22:00:00Z");
  EXPECT_EQ(question.range, (TimeRange{*ParseUtcTime("2026-03-28 23:00:00"), *ParseUtcTime("2026-03-30 22:00:00")}));
  EXPECT_EQ(question.intervals.StartOf(1), *ParseUtcTime("2026-03-29 22:00:00"));
}

TEST(QueryParameters, SayWhatWouldBeRight) {
  EXPECT_EQ(Refused("by=browsers"),
            "by: Input should be 'hour', 'day', 'week', 'month', 'page', 'host', 'path-prefix', 'source', 'medium', "
            "'campaign', 'browser', 'system', 'device', 'country', 'agent', or 'bot'");
  EXPECT_EQ(Refused("measure=hits"), "measure: Input should be 'visits', 'visitors' or 'visits,visitors'");
  EXPECT_EQ(Refused("order=up"), "order: Input should be 'visits', 'visitors' or 'key'");
  EXPECT_EQ(Refused("bots=no"), "bots: Input should be 'include', 'exclude' or 'only'");
  EXPECT_EQ(Refused("compare=next"), "compare: Input should be 'previous'");
  EXPECT_EQ(Refused("format=xml"), "format: Input should be 'json' or 'csv'");
  EXPECT_EQ(Refused("page=nothing").substr(0, 6), "page: ");
  EXPECT_EQ(Refused("from=tomorrow").substr(0, 6), "from: ");
  EXPECT_EQ(Refused("edges=2026-01-01"), "edges: Input should be 2 to 10001 times, each later than the one before");
  EXPECT_EQ(Refused("edges=2026-01-01,2026-01-01").substr(0, 6), "edges:");
  EXPECT_EQ(Refused("edges=2026-01-01,2026-01-02&by=page").substr(0, 6), "edges:");
  EXPECT_EQ(Refused("to=2026-01-01&compare=previous").substr(0, 8), "compare:");
  EXPECT_EQ(Refused("limit=-1").substr(0, 6), "limit:");
  EXPECT_EQ(Refused("by=").substr(0, 3), "by:");
}

}  // namespace
}  // namespace page_count
