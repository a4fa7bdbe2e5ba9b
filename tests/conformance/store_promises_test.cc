// What every store promises, a sentence each. Each promise is looked at twice where it matters: as recording left the
// visits, and after maintenance.
#include <algorithm>
#include <array>
#include <chrono>
#include <string>
#include <vector>

#include "tests/conformance/any_store.h"
#include "tests/conformance/naive_answers.h"

namespace page_count {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using enum Dimension;
using Lines = std::vector<std::string>;

constexpr auto kVisitors = Question::Measure::kVisitors;
constexpr auto kByKey = Question::Order::kByKey;

INSTANTIATE_TEST_SUITE_P(Engines, AnyStore, testing::ValuesIn(Engines()), NameOf);

TEST_P(AnyStore, CountsNothingWhenItIsEmpty) {
  const Answers answers = store_->Ask(
      {{{}, {.measure = kVisitors}, {.group_by = {kPage}}, {.group_by = {kInterval}}}, NewestVisits{.limit = 10}});
  EXPECT_EQ(LinesOf(answers), (Lines{"question 1: = 0", "question 2: = 0"}));
  EXPECT_EQ(store_->Count(), 0);
  EXPECT_EQ(ReadAll(*store_).size(), 0U);
}

TEST_P(AnyStore, ShowsACommittedBatchToEveryInstance) {
  const auto other = open_();
  Record(*store_, {VisitTo("http://a/"), VisitTo("http://b/", "2001:db8::1", "Lynx")});
  for (VisitStore* store : {store_.get(), other.get()}) {
    EXPECT_EQ(Ask(*store, {.group_by = {kPage, kClient}}),
              (Lines{"http://a/ 192.0.2.1 = 1", "http://b/ 2001:db8::1 = 1"}));
    EXPECT_EQ(store->Count(), 2);
  }
}

TEST_P(AnyStore, CommitsWithoutWaitingAllOrNothing) {
  Record(*store_, {VisitTo("http://a/")});
  const Visit visit = VisitTo("http://a/");
  const std::array<const Visit*, 2> batch = {&visit, &visit};
  const auto receipts = store_->TryCommit(batch);
  EXPECT_EQ(store_->Count(), receipts ? 3 : 1);
  EXPECT_EQ(receipts ? receipts->size() : 2, 2U);
}

TEST_P(AnyStore, SaysInAReceiptHowManyVisitsThePageHasNow) {
  const auto other = open_();
  EXPECT_EQ(Record(*store_, {VisitTo("http://a/"), VisitTo("http://b/"), VisitTo("http://a/")})[2].page_visits, 2);
  MaintainAll(*store_);
  EXPECT_EQ(Record(*other, {VisitTo("http://a/")})[0].page_visits, 3);
  EXPECT_EQ(Record(*store_, {VisitTo("http://a/")})[0].page_visits, 4);
  store_->PruneBefore(now() + hours(1));
  EXPECT_EQ(Record(*other, {VisitTo("http://a/")})[0].page_visits, 1);
}

TEST_P(AnyStore, RecordsAVisitWithAnIdOnce) {
  const auto with_id = [](const std::string& url, const std::string& id, bool only_if_recorded = false) {
    Visit visit = VisitTo(url);
    visit.request_id = id;
    visit.only_if_recorded = only_if_recorded;
    return visit;
  };
  using enum Receipt::Outcome;
  const UtcTime first =
      Record(*store_, {with_id("http://a/", "request 1"), VisitTo("http://a/"), with_id("http://b/", "request 2")})[0]
          .at;
  Pass(hours(24 * 7) - seconds(1));
  const auto other = open_();
  for (VisitStore* store : {store_.get(), other.get()}) {
    const auto receipts = Record(*store, {with_id("http://a/", "request 1"), with_id("http://a/", "request 1", true),
                                          with_id("http://a/", "request 9", true)});
    EXPECT_EQ(receipts[0].outcome, kDuplicate);
    EXPECT_EQ(receipts[0].at, first);
    EXPECT_EQ(receipts[0].page_visits, 2);
    EXPECT_EQ(receipts[1].outcome, kDuplicate);
    EXPECT_EQ(receipts[2].outcome, kRefused);
    EXPECT_EQ(store->Count(), 3);
  }
  const auto twice = Record(*other, {with_id("http://a/", "request 3"), with_id("http://a/", "request 3")});
  EXPECT_EQ(twice[0].outcome, kRecorded);
  EXPECT_EQ(twice[1].outcome, kDuplicate);
  Pass(seconds(2));
  EXPECT_EQ(Record(*store_, {with_id("http://a/", "request 1")})[0].outcome, kRecorded) << "after 7 days";
  EXPECT_EQ(store_->Count(), 5);
}

TEST_P(AnyStore, RecordsVisitsOfThePastAmongTheOthers) {
  const auto past = [this](const std::string& url, const std::string& ip, hours ago, const std::string& id = {}) {
    PastVisit visit{VisitTo(url, ip), now() - ago};
    visit.visit.request_id = id;
    visit.visit.title = "at " + url;
    return visit;
  };
  using enum Receipt::Outcome;
  for (int day = 0; day < 3; ++day) {
    Record(*store_, {VisitTo("http://a/", "192.0.2.1"), VisitTo("http://b/", "192.0.2.2")});
    MaintainAll(*store_);  // the sets of clients are counted
    Pass(hours(24));
  }
  const auto other = open_();
  const std::vector visits = {past("http://a/", "192.0.2.3", hours(30), "request 1"),
                              past("http://c/", "192.0.2.1", hours(50)),
                              past("http://a/", "192.0.2.3", hours(0), "request 1")};
  auto receipts = other->RecordPast(visits);
  EXPECT_EQ(receipts[0].outcome, kRecorded);
  EXPECT_EQ(receipts[0].at, now() - hours(30));
  EXPECT_EQ(receipts[2].outcome, kDuplicate);
  EXPECT_EQ(receipts[2].at, now() - hours(30));
  receipts = store_->RecordPast(std::span(visits).first(1));
  EXPECT_EQ(receipts[0].outcome, kDuplicate);
  Visit again = VisitTo("http://a/", "192.0.2.3");
  again.request_id = "request 1";
  EXPECT_EQ(Record(*store_, {again})[0].outcome, kDuplicate);
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(Ask(*store_, {.group_by = {kPage}, .measure = kVisitors, .order = kByKey}),
              (Lines{"http://a/ = 2", "http://b/ = 1", "http://c/ = 1"}));
    EXPECT_EQ(Count(*store_, {.measure = kVisitors}), 3);
    EXPECT_EQ(Count(*store_, {.range = {now() - hours(51), now() - hours(29)}}), 4);
    EXPECT_EQ(store_->Check(), Lines());
    MaintainAll(*store_);
  }
  EXPECT_EQ(Record(*store_, {VisitTo("http://c/")})[0].page_visits, 2);
}

TEST_P(AnyStore, KnowsTheNewestTitleOfAPage) {
  const auto titled = [](const std::string& url, const std::string& title) {
    Visit visit = VisitTo(url);
    visit.title = title;
    return visit;
  };
  const auto titles = [this] {
    return store_->Ask({{{.group_by = {kPage}, .order = kByKey, .wants_titles = true}}, {}}).figures[0].titles;
  };
  const auto other = open_();
  Record(*store_, {titled("http://a/", "one"), titled("http://a/", "two"), VisitTo("http://b/")});
  EXPECT_EQ(titles(), (Lines{"two", ""}));
  Record(*other, {titled("http://a/", "three"), titled("http://b/", "other")});
  Record(*store_, {titled("http://a/", "two"), VisitTo("http://a/")});
  MaintainAll(*store_);
  EXPECT_EQ(titles(), (Lines{"two", "other"}));
  store_->RewritePages([](const std::string& url) { return RewrittenPage{url == "http://b/" ? "http://c/" : url}; },
                       StoreAdmin::Rewriting::kApply);
  EXPECT_EQ(titles(), (Lines{"two", "other"})) << "a page takes its title along";
  store_->RewritePages([](const std::string&) { return RewrittenPage{"http://a/"}; }, StoreAdmin::Rewriting::kApply);
  EXPECT_EQ(titles(), Lines{"two"}) << "and does not take another page's away";
  EXPECT_EQ(store_->Check(), Lines());
  store_->PruneBefore(now() + hours(1));
  Record(*store_, {VisitTo("http://a/")});
  EXPECT_EQ(titles(), Lines{""}) << "a page that is gone takes its title with it";
  EXPECT_EQ(store_->Check(), Lines());
}

TEST_P(AnyStore, GivesTimesThatNeverGoBackWhateverTheClockDoes) {
  const auto other = open_();
  UtcTime newest = Record(*store_, {VisitTo("http://a/")})[0].at;
  EXPECT_EQ(newest, now());
  for (const auto step : {minutes(5), minutes(-60), minutes(1), minutes(70)}) {
    Pass(step);
    for (VisitStore* store : {other.get(), store_.get()}) {
      const UtcTime at = Record(*store, {VisitTo("http://a/")})[0].at;
      EXPECT_EQ(at, std::max(now(), newest));
      newest = at;
    }
  }
}

// So that whoever has seen a second, and asks for what comes after its beginning, gets all of that second again.
TEST_P(AnyStore, GivesNoVisitTheFirstMillisecondOfASecond) {
  SetClock(At("2026-03-01 12:00:01"));
  EXPECT_EQ(Record(*store_, {VisitTo("http://a/")})[0].at, now() + milliseconds(1));
}

TEST_P(AnyStore, CountsARangeFromItsBeginningToBeforeItsEnd) {
  const UtcTime first = Record(*store_, {VisitTo("http://a/")})[0].at;
  Pass(minutes(90));
  const UtcTime last = Record(*store_, {VisitTo("http://a/", "192.0.2.2")})[0].at;
  for (int time = 0; time < 2; ++time, MaintainAll(*store_)) {
    for (const bool by_hour : {false, true}) {
      const auto visits = [&](UtcTime from, UtcTime before) {
        Question question{.range = {from, before}};
        if (by_hour) question.group_by = {kInterval};
        int64_t sum = 0;
        const Answers answers = store_->Ask({{question}, {}});
        for (const auto& row : answers.figures[0].rows) sum += row.count;
        return sum;
      };
      EXPECT_EQ(visits(first, last), 1);
      EXPECT_EQ(visits(first, last + milliseconds(1)), 2);
      EXPECT_EQ(visits(first + milliseconds(1), last), 0);
      EXPECT_EQ(visits(first + milliseconds(1), UtcTime::max()), 1);
      EXPECT_EQ(visits({}, first), 0);
      EXPECT_EQ(visits(last, first), 0) << "a range that ends before it begins is empty";
    }
  }
}

TEST_P(AnyStore, CountsAVisitorOnceHoweverOftenAndWhereverItCame) {
  Record(*store_, {VisitTo("http://a/"), VisitTo("http://a/"), VisitTo("http://b/"), VisitTo("http://b/", "::1"),
                   VisitTo("http://b/", "no address")});
  for (int time = 0; time < 2; ++time, MaintainAll(*store_)) {
    EXPECT_EQ(Count(*store_, {.measure = kVisitors}), 3);
    EXPECT_EQ(Ask(*store_, {.group_by = {kPage}, .measure = kVisitors}), (Lines{"http://b/ = 3", "http://a/ = 1"}));
    EXPECT_EQ(Ask(*store_, {.group_by = {kClient}, .measure = kVisitors}),
              (Lines{"192.0.2.1 = 1", "::1 = 1", "no address = 1"}));
    EXPECT_EQ(Ask(*store_, {.group_by = {kInterval}, .measure = kVisitors}), (Lines{"2026-03-01 12:00:00 = 3"}));
  }
}

TEST_P(AnyStore, TakesVisitsThatHaveATextOfEachFilter) {
  Record(*store_, {VisitTo("http://a/"), VisitTo("http://b/"), VisitTo("http://c/", "::1"),
                   VisitTo("http://a/", "::1", "Lynx"), VisitTo("http://a/", "::2", "Lynx")});
  for (int time = 0; time < 2; ++time, MaintainAll(*store_)) {
    EXPECT_EQ(Count(*store_, {.filters = {{{"http://a/"}, {}, {}}}}), 3);
    EXPECT_EQ(Count(*store_, {.filters = {{{"http://a/", "http://c/"}, {}, {}}}}), 4);
    EXPECT_EQ(Count(*store_, {.filters = {{{"http://a/", "http://c/"}, {"::1"}, {}}}}), 2);
    EXPECT_EQ(Count(*store_, {.filters = {{{"http://a/"}, {"::1", "192.0.2.1"}, {"Lynx"}}}}), 1);
    EXPECT_EQ(Count(*store_, {.filters = {{{}, {}, {"Lynx"}}}, .measure = kVisitors}), 2);
    EXPECT_EQ(Count(*store_, {.filters = {{{"http://nowhere/"}, {}, {}}}}), 0);
    EXPECT_EQ(Ask(*store_, {.filters = {{{"http://nowhere/"}, {}, {}}}, .group_by = {kInterval}}), Lines{});
  }
}

TEST_P(AnyStore, OrdersGroupsByCountThenTextOrByKeyAndCutsThemAfterwards) {
  Record(*store_, {VisitTo("http://c/"), VisitTo("http://b/"), VisitTo("http://a/"), VisitTo("http://b/")});
  for (int time = 0; time < 2; ++time, MaintainAll(*store_)) {
    EXPECT_EQ(Ask(*store_, {.group_by = {kPage}}), (Lines{"http://b/ = 2", "http://a/ = 1", "http://c/ = 1"}));
    EXPECT_EQ(Ask(*store_, {.group_by = {kPage}, .limit = 2}), (Lines{"http://b/ = 2", "http://a/ = 1"}));
    EXPECT_EQ(Ask(*store_, {.group_by = {kPage}, .order = kByKey, .limit = 2}),
              (Lines{"http://a/ = 1", "http://b/ = 2"}));
    EXPECT_EQ(Ask(*store_, {.group_by = {kPage}, .limit = 0}), Lines{});
    EXPECT_EQ(Ask(*store_, {.group_by = {kAgent, kPage}, .limit = 1}), Lines{"Firefox http://b/ = 2"});
  }
}

TEST_P(AnyStore, GivesEqualTextsOfOneAskTheSameKeyInTheOrderOfTexts) {
  Record(*store_, {VisitTo("http://z/"), VisitTo("http://z/"), VisitTo("http://a/"), VisitTo("http://m/")});
  const auto figures = store_
                           ->Ask({{{.group_by = {kPage}, .limit = 1},
                                   {.group_by = {kPage}, .order = kByKey},
                                   {.group_by = {kAgent, kPage}, .order = kByKey}},
                                  {}})
                           .figures;
  ASSERT_EQ(figures[1].rows.size(), 3U);
  ASSERT_EQ(figures[2].rows.size(), 3U);
  EXPECT_EQ(figures[0].rows[0].keys[0], figures[1].rows[2].keys[0]);
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(figures[1].rows[i].keys[0], figures[2].rows[i].keys[1]);
    EXPECT_EQ(figures[1].Text(figures[1].rows[i]), figures[2].Text(figures[2].rows[i], 1));
  }
}

TEST_P(AnyStore, ReturnsTheNewestVisitsOfAPageAndARange) {
  std::vector<UtcTime> times;
  for (int i = 0; i < 6; ++i, Pass(minutes(40))) {
    times.push_back(
        Record(*store_, {VisitTo(i % 2 == 0 ? "http://a/" : "http://b/", "192.0.2." + std::to_string(i))})[0].at);
  }
  const auto ips = [this](const NewestVisits& newest) {
    std::string text;
    for (const LoggedVisit& visit : store_->Ask({{}, newest}).newest) text += visit.ip.back();
    return text;
  };
  for (int time = 0; time < 2; ++time, MaintainAll(*store_)) {
    EXPECT_EQ(ips({.limit = 4}), "5432");
    EXPECT_EQ(ips({{}, "http://a/", 10}), "420");
    EXPECT_EQ(ips({{}, "http://a/", 2}), "42");
    EXPECT_EQ(ips({{times[1], times[4]}, std::nullopt, 10}), "321");
    EXPECT_EQ(ips({{times[1], times[4]}, "http://a/", 10}), "2");
    EXPECT_EQ(ips({{times[0], times[4] + milliseconds(1)}, "http://a/", 10}), "420");
    EXPECT_EQ(ips({{}, "http://nowhere/", 10}), "");
    EXPECT_EQ(ips({.limit = 0}), "");
  }
}

TEST_P(AnyStore, KnowsTheTimesOfItsOldestAndItsNewestVisit) {
  const UtcTime oldest = Record(*store_, {VisitTo("http://a/")})[0].at;
  Pass(hours(3));
  const UtcTime newest = Record(*store_, {VisitTo("http://a/")})[0].at;
  EXPECT_EQ(store_->Ask({}).oldest_and_newest, std::pair(oldest, newest));
}

TEST_P(AnyStore, KeepsTheOrderOfImportedVisitsOfOneTime) {
  const UtcTime at = At("2026-02-01 10:00:00");
  const UtcTime other = At("2026-02-01 10:00:01");
  const auto imported = [](const char* ip, UtcTime time) { return LoggedVisit{"http://a/", ip, "Lynx", time}; };
  Import(*store_, {{imported("1", at), imported("2", at), imported("3", at)}, VisitOrder::kOldestFirst});
  Import(*store_, {{imported("9", other), imported("8", other)}, VisitOrder::kNewestFirst});
  Import(*store_, {{imported("4", at), imported("7", other)}, VisitOrder::kOldestFirst});
  std::string order;
  for (const LoggedVisit& visit : ReadAll(*store_)) {
    if (visit.at == at) order += visit.ip;
  }
  EXPECT_EQ(order, "4321");
  EXPECT_EQ(store_->Ask({{}, NewestVisits{{other, UtcTime::max()}, std::nullopt, 9}}).newest.size(), 3U);
  EXPECT_EQ(store_->Check(), Lines{});
}

TEST_P(AnyStore, RecordsNothingEarlierThanWhatWasImported) {
  Record(*store_, {VisitTo("http://a/")});
  const UtcTime at = std::chrono::floor<seconds>(now()) + seconds(50);
  Import(*store_, {{{"http://b/", "::1", "Lynx", at}}, VisitOrder::kOldestFirst});
  EXPECT_GE(Record(*store_, {VisitTo("http://a/")})[0].at, at);
  EXPECT_EQ(Count(*store_, {.measure = kVisitors}), 2);
}

TEST_P(AnyStore, PrunesOldVisitsOutOfEveryFigure) {
  Record(*store_, {VisitTo("http://old/", "192.0.2.7", "Lynx"), VisitTo("http://a/", "192.0.2.8")});
  Pass(hours(2));
  MaintainAll(*store_);
  const UtcTime cutoff = Record(*store_, {VisitTo("http://a/")})[0].at;
  EXPECT_EQ(store_->PruneBefore(cutoff), 2);
  for (int time = 0; time < 2; ++time, MaintainAll(*store_)) {
    EXPECT_EQ(Ask(*store_, {.group_by = {kPage}}), Lines{"http://a/ = 1"});
    EXPECT_EQ(Ask(*store_, {.group_by = {kAgent}}), Lines{"Firefox = 1"});
    EXPECT_EQ(Count(*store_, {.measure = kVisitors}), 1);
    EXPECT_EQ(store_->Ask({}).oldest_and_newest->first, cutoff);
    EXPECT_EQ(store_->Check(), Lines{});
  }
  EXPECT_EQ(store_->PruneBefore(cutoff), 0);
}

TEST_P(AnyStore, GivesTheClocksTimeAgainOnceLaterVisitsArePruned) {
  Record(*store_, {VisitTo("http://a/")});
  const UtcTime right = now();
  Pass(hours(48));
  Record(*store_, {VisitTo("http://b/")});
  SetClock(right + minutes(1));
  EXPECT_EQ(store_->PruneFrom(right + seconds(1)), 1);
  EXPECT_EQ(Record(*store_, {VisitTo("http://a/")})[0].at, now());
  EXPECT_EQ(Ask(*store_, {.group_by = {kPage}}), Lines{"http://a/ = 2"});
}

TEST_P(AnyStore, HandsOverEachVisitOfAScanOnceWhileOthersAreRecorded) {
  std::vector<Visit> visits;
  for (int i = 0; i < 4'500; ++i) visits.push_back(VisitTo("http://a/" + std::to_string(i)));
  for (int i = 0; i < 3; ++i, Pass(minutes(20)))
    Record(*store_, {visits.begin() + i * 1'500, visits.begin() + (i + 1) * 1'500});
  std::vector<std::string> scanned;
  size_t pieces = 0;
  for (ScanCursor cursor; !cursor.is_over; ++pieces) {
    for (const LoggedVisit& visit : store_->ReadNext(cursor)) scanned.push_back(visit.url);
    Record(*store_, {VisitTo("http://later/")});
    if (pieces == 1) MaintainAll(*store_);
  }
  EXPECT_GT(pieces, 2U);
  ASSERT_EQ(scanned.size(), visits.size());
  for (size_t i = 0; i < scanned.size(); ++i) ASSERT_EQ(scanned[i], visits[visits.size() - 1 - i].url.text());
}

TEST_P(AnyStore, ScansARangeWithoutItsOffsetAndUpToItsLimit) {
  std::vector<UtcTime> times;
  for (int i = 0; i < 9; ++i, Pass(minutes(7))) {
    times.push_back(Record(*store_, {VisitTo("http://a/", "192.0.2." + std::to_string(i))})[0].at);
  }
  const auto ips = [this](const ScanRange& range) {
    std::string text;
    for (const LoggedVisit& visit : ReadAll(*store_, range)) text += visit.ip.back();
    return text;
  };
  EXPECT_EQ(ips({}), "876543210");
  EXPECT_EQ(ips({.from = times[2], .before = times[7]}), "65432");
  EXPECT_EQ(ips({.from = times[2], .before = times[7], .offset = 1, .limit = 2}), "54");
  EXPECT_EQ(ips({.limit = 0}), "");
  EXPECT_EQ(ips({.offset = 100}), "");
}

TEST_P(AnyStore, GrowsItsProbeWithEveryVisit) {
  Record(*store_, {VisitTo("http://a/")});
  const int64_t before = store_->ProbeReading();
  Record(*open_(), {VisitTo("http://a/")});
  EXPECT_GT(store_->ProbeReading(), before);
  EXPECT_NO_THROW(store_->ProbeWriting(64 << 10));
  EXPECT_EQ(store_->Count(), 2) << "a probe leaves nothing";
}

TEST_P(AnyStore, MakesEveryFigureAnew) {
  Record(*store_, {VisitTo("http://a/"), VisitTo("http://b/", "::1")});
  MaintainAll(*store_);
  const Inquiry inquiry{{{}, {.measure = kVisitors}, {.group_by = {kPage, kInterval}}, {.group_by = {kPage, kAgent}}},
                        {}};
  const Lines before = LinesOf(store_->Ask(inquiry));
  store_->Repair();
  EXPECT_EQ(LinesOf(store_->Ask(inquiry)), before);
  EXPECT_EQ(store_->Check(), Lines{});
}

}  // namespace
}  // namespace page_count
