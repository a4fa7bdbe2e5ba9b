// What every store promises to whoever follows the visits: scans that go on after one.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "tests/conformance/any_store.h"

namespace page_count {
namespace {

using std::chrono::minutes;
using enum Dimension;
using Lines = std::vector<std::string>;
using ScanAfterTest = AnyStore;

INSTANTIATE_TEST_SUITE_P(Engines, ScanAfterTest, testing::ValuesIn(Engines()), NameOf);

std::string LastOfIp(const std::vector<LoggedVisit>& visits, int64_t id) {
  for (const LoggedVisit& visit : visits) {
    if (visit.id == id) return visit.ip.substr(visit.ip.size() - 1);
  }
  return "none";
}

TEST_P(ScanAfterTest, GoesOnOldestFirstUpToWhereItsLimitEnds) {
  for (int i = 0; i < 9; ++i, Pass(minutes(7))) Record(*store_, {VisitTo("http://a/", "192.0.2." + std::to_string(i))});
  for (int time = 0; time < 2; ++time, MaintainAll(*store_)) {
    const auto all = ReadAll(*store_);  // newest first
    const auto page = [&](ScanRange range) {
      range.up_to = store_->FindEnd(range);
      range.limit.reset();
      std::string text;
      for (const LoggedVisit& visit : ReadAll(*store_, range)) text += visit.ip.back();
      return text + (range.up_to == *range.after ? " stays" : " up to " + LastOfIp(all, *range.up_to));
    };
    EXPECT_EQ(page({.after = 0}), "012345678 up to 8");
    EXPECT_EQ(page({.limit = 3, .after = 0}), "012 up to 2");
    EXPECT_EQ(page({.limit = 3, .after = all[6].id}), "345 up to 5");
    EXPECT_EQ(page({.limit = 9, .after = all[2].id}), "78 up to 8");
    EXPECT_EQ(page({.limit = 2, .after = all[2].id}), "78 up to 8");
    EXPECT_EQ(page({.limit = 0, .after = all[2].id}), " stays");
    EXPECT_EQ(page({.limit = 3, .after = all[0].id}), " stays");
    EXPECT_EQ(page({.limit = 3, .after = all[0].id + 5}), " stays");
    EXPECT_EQ(page({.from = all[4].at, .limit = 2, .after = 0}), "45 up to 5");
    EXPECT_EQ(page({.before = all[7].at, .after = 0}).substr(0, 8), "0 up to ") << "nothing before that can come";
  }
}

TEST_P(ScanAfterTest, LooksPastVisitsThatAScanDoesNotWant) {
  const Visit one = VisitTo("http://a/", "192.0.2.1", "one");
  Record(*store_,
         {one, VisitTo("http://a/", "192.0.2.2", "two"), VisitTo("http://a/", "192.0.2.3", "three"), one, one});
  const auto is_bot = [this](const LoggedVisit& visit) {
    return !attributes_->ValueOf(kBot, visit.user_agent).empty();
  };
  for (int time = 0; time < 2; ++time, MaintainAll(*store_)) {
    const auto all = ReadAll(*store_);
    for (const auto bots : {Question::Bots::kExclude, Question::Bots::kOnly}) {
      const ScanRange range{.bots = bots, .after = 0, .attributes = {kBot, kCountry}};
      EXPECT_EQ(store_->FindEnd(range), all[0].id) << "so that they are not looked at again";
      int64_t wanted = 0;
      for (const LoggedVisit& visit : all) wanted += is_bot(visit) == (bots == Question::Bots::kOnly) ? 1 : 0;
      const auto scanned = ReadAll(*store_, range);
      EXPECT_EQ(static_cast<int64_t>(scanned.size()), wanted);
      for (const LoggedVisit& visit : scanned) {
        EXPECT_EQ(visit.attributes,
                  (Lines{attributes_->ValueOf(kBot, visit.user_agent), attributes_->ValueOf(kCountry, visit.ip)}));
      }
    }
  }
}

TEST_P(ScanAfterTest, GivesAPollerEachVisitOnceWhileOthersRecord) {
  constexpr int kWriters = 2;
  constexpr int kBatches = 40;
  constexpr int kVisits = 30;  // a batch's
  std::atomic<int> writing = kWriters;
  std::vector<std::jthread> threads;  // which are joined whatever fails
  for (int writer = 0; writer < kWriters; ++writer) {
    threads.emplace_back([&, writer, store = open_()] {
      for (int batch = 0; batch < kBatches; ++batch) {
        std::vector<Visit> visits;
        for (int i = 0; i < kVisits; ++i) {
          visits.push_back(VisitTo("http://h/" + std::to_string((writer * kBatches + batch) * kVisits + i)));
        }
        Record(*store, visits);
      }
      --writing;
    });
  }
  threads.emplace_back([&, store = open_()] {
    while (writing > 0) MaintainAll(*store);
  });
  Lines polled;
  ScanRange range{.limit = 50, .after = 0};
  for (bool is_last = false; !is_last;) {
    is_last = writing == 0;
    ScanRange page = range;
    page.up_to = store_->FindEnd(range);
    page.limit.reset();
    for (const LoggedVisit& visit : ReadAll(*store_, page)) {
      EXPECT_GT(visit.id, *range.after);
      polled.push_back(visit.url);
    }
    is_last = is_last && page.up_to == range.after;
    range.after = page.up_to;
    Pass(std::chrono::milliseconds(3));
  }
  threads.clear();
  EXPECT_EQ(polled.size(), static_cast<size_t>(kWriters * kBatches * kVisits));
  std::sort(polled.begin(), polled.end());
  EXPECT_EQ(std::adjacent_find(polled.begin(), polled.end()), polled.end());
}

}  // namespace
}  // namespace page_count
