// Every figure against a naive recount of the visit log, in the states of the engine that no caller brings about.
#include <algorithm>
#include <random>

#include "tests/conformance/naive_answers.h"
#include "tests/unit/cut_off.h"
#include "tests/unit/store_fixture.h"
#include "worker/store/sqlite/columns/client_counter.h"
#include "worker/store/sqlite/columns/sealer.h"
#include "worker/system/file_lock.h"

namespace page_count {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

// What the endpoints ask, of a window from this time on.
std::vector<Inquiry> InquiriesOfEndpoints(const std::vector<std::string>& pages, UtcTime from) {
  using enum Dimension;
  constexpr auto kVisitors = Question::Measure::kVisitors;
  const TimeRange window{.from = from};
  std::vector<Inquiry> inquiries;
  inquiries.push_back({{{},
                        {.measure = kVisitors},
                        {.group_by = {kPage}},
                        {.group_by = {kPage}, .limit = 5},
                        {.group_by = {kPage}, .measure = kVisitors},
                        {.range = window, .group_by = {kPage, kInterval}},
                        {.range = window, .group_by = {kPage, kAgent}}},
                       NewestVisits{.range = window, .limit = 100}});
  for (const std::string& url : pages) {
    const Filters page{std::vector{url}};
    inquiries.push_back({{{.filters = page},
                          {.filters = page, .measure = kVisitors},
                          {.range = window, .filters = page, .group_by = {kInterval}},
                          {.range = window, .filters = page, .group_by = {kAgent}}},
                         NewestVisits{window, url, 20}});
  }
  return inquiries;
}

class ExactFiguresTest : public StoreTest {
 protected:
  Visit RandomVisit() {
    const std::string network = random_() % 2 == 0 ? "2001:db8::" : "192.0.2.";
    return MakeVisit("http://h/" + Pick(12), network + Pick(40), "agent " + Pick(6));
  }
  std::string Pick(int most) {
    std::geometric_distribution<int> some(3.0 / most);
    return std::to_string(std::min(some(random_), most));
  }
  static void ExpectExact(VisitReader& store, UtcTime window_start) {
    auto log = ReadAll(store);
    std::reverse(log.begin(), log.end());
    std::vector<std::string> pages = {"http://nowhere/"};
    for (int i = 0; i <= 12; ++i) pages.push_back("http://h/" + std::to_string(i));
    for (const Inquiry& inquiry : InquiriesOfEndpoints(pages, window_start)) {
      EXPECT_EQ(Difference(LinesOf(store.Ask(inquiry)), LinesOf(AnswerNaively(log, inquiry))), "")
          << Described(inquiry);
    }
  }

  std::mt19937 random_{20260301};
};

TEST_F(ExactFiguresTest, HoldWhileManyVisitsWaitToBeSealed) {
  constexpr const char* kUncounted = "select count(*) from visit v join state s on v.id > s.sealed_watermark";
  constexpr int kBatches = 10;
  constexpr int kBatchVisits = 500;
  sealing_ = {.worth_sealing = 1};
  auto store = OpenStore();
  for (int batch = 0; batch < kBatches; ++batch) {
    std::vector<Visit> visits;
    for (int i = 0; i < kBatchVisits; ++i) visits.push_back(RandomVisit());
    Record(store, visits);
    now_ += minutes(11);
  }
  while (store.Maintain(StoreAdmin::Load::kBusy)) {
  }
  EXPECT_EQ(Connection(database_).ReadInt(kUncounted), kBatches * kBatchVisits) << "under load they wait";
  ExpectExact(store, now_ - hours(1));
  while (store.Maintain(StoreAdmin::Load::kQuiet)) {
  }
  EXPECT_EQ(Connection(database_).ReadInt(kUncounted), 0) << "once recording pauses they do not";
  ExpectExact(store, now_ - hours(1));
  EXPECT_EQ(store.Check(), std::vector<std::string>());
}

constexpr Sealing kSealing{.block_visits = 2'000, .worth_sealing = 1};

void SealAndCount(const std::string& database) {
  const DatabaseLock writer(database + ".lock");
  Connection connection(database);
  Sealer(connection, writer, kSealing, [] {}).SealAll();
  ClientCounter(connection, writer, [] {}).CountAll();
}

// The same visits in a file of their own for each commit: some that were sealed before, then more than become one
// block, and whose clients are counted in more than one transaction, with texts that are new.
TEST_F(ExactFiguresTest, HoldWhereverSealingAndCountingAreCutOff) {
  constexpr const char* kInTheMiddle = "select clients_target > clients_watermark from state";
  constexpr const char* kUncounted = "select sealed_watermark > clients_watermark from state";
  constexpr const char* kGarbage = "select count(*) from visit v join state s on v.id <= s.sealed_watermark";
  int uncounted = 0;
  int with_garbage = 0;
  sealing_ = kSealing;
  const auto now = now_;
  const auto random = random_;
  int in_the_middle = 0;
  for (int commit = 1; !HasFailure(); ++commit) {
    SCOPED_TRACE(commit);
    database_ = folder_.File("visits-" + std::to_string(commit) + ".db");
    now_ = now;
    random_ = random;
    {
      auto store = OpenStore();
      for (int batch = 0; batch < 15; ++batch) {
        std::vector<Visit> visits;
        for (int i = 0; i < 400; ++i) visits.push_back(RandomVisit());
        visits.push_back(MakeVisit("http://h/new" + std::to_string(batch), "2001:db8:1::" + std::to_string(batch)));
        for (int i = 0; i < 300; ++i) {
          visits.push_back(MakeVisit("http://h/0", "10." + std::to_string(batch) + '.' + std::to_string(i % 250) + "." +
                                                       std::to_string(i / 250)));
        }
        Record(store, visits);
        now_ += minutes(9);
        if (batch == 7) store.Maintain(StoreAdmin::Load::kQuiet);
      }
    }
    if (!CutOff::At(commit, [this] { SealAndCount(database_); })) break;
    in_the_middle += static_cast<int>(Connection(database_).ReadInt(kInTheMiddle));
    uncounted += static_cast<int>(Connection(database_).ReadInt(kUncounted));
    with_garbage += static_cast<int>(Connection(database_).ReadInt(kGarbage) > 0);
    auto store = OpenStore();
    ExpectExact(store, now_ - hours(4));
    EXPECT_EQ(store.Check(), std::vector<std::string>());
    store.Maintain(StoreAdmin::Load::kQuiet);
    ExpectExact(store, now_ - hours(4));
    EXPECT_EQ(store.Check(), std::vector<std::string>());
  }
  EXPECT_GT(in_the_middle, 0) << "no counting was caught in the middle of a set";
  EXPECT_GT(uncounted, 0) << "nor between sealing and counting";
  EXPECT_GT(with_garbage, 0) << "nor before the rows of sealed visits were deleted";
}

}  // namespace
}  // namespace page_count
