// Every figure against a naive recount of the visit log, whatever was recorded, imported, rolled up and cleaned up.
#include <signal.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <functional>
#include <map>
#include <random>
#include <set>

#include "tests/unit/store_fixture.h"
#include "worker/store/sqlite/rollup/rollup_job.h"
#include "worker/store/sqlite/rollup/rollups.h"
#include "worker/system/file_lock.h"

namespace page_count {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

struct Recount {
  int64_t visits = 0;
  std::set<std::string> clients;
  std::map<UtcTime, int64_t> by_hour;
  std::map<std::string, int64_t> by_agent;
};

std::map<std::string, Recount> CountNaively(const std::vector<LoggedVisit>& log, UtcTime window_start) {
  std::map<std::string, Recount> pages;
  for (const LoggedVisit& visit : log) {
    Recount& page = pages[visit.url];
    ++page.visits;
    page.clients.insert(visit.ip);
    if (visit.at < window_start) continue;
    ++page.by_hour[std::chrono::floor<hours>(visit.at)];
    ++page.by_agent[visit.user_agent];
  }
  return pages;
}

HourCounts Sorted(const std::map<UtcTime, int64_t>& by_hour) { return {by_hour.begin(), by_hour.end()}; }

// An AgentCountList's names are those of the map.
template <typename List>
List SortedByCount(const std::map<std::string, int64_t>& counts) {
  List list(counts.begin(), counts.end());
  std::stable_sort(list.begin(), list.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  return list;
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
  void ExpectExact(VisitStore& store, UtcTime window_start) {
    const auto log = ReadAll(store);
    const auto expected = CountNaively(log, window_start);
    const Summary summary = store.ReadSummary(window_start);
    ASSERT_EQ(summary.pages.size(), expected.size());
    EXPECT_EQ(summary.visits, static_cast<int64_t>(log.size()));
    std::set<std::string> clients;
    for (const auto& page : summary.pages) {
      const Recount& recount = expected.at(page.url);
      EXPECT_EQ(page.visits, recount.visits) << page.url;
      EXPECT_EQ(page.clients, static_cast<int64_t>(recount.clients.size())) << page.url;
      EXPECT_EQ(page.by_hour, Sorted(recount.by_hour)) << page.url;
      EXPECT_EQ(page.by_agent, SortedByCount<AgentCountList>(recount.by_agent)) << page.url;
      clients.insert(recount.clients.begin(), recount.clients.end());
      ExpectExactPage(store, page.url, recount, log, window_start);
    }
    EXPECT_EQ(store.ReadSite(5).clients, static_cast<int64_t>(clients.size()));
    EXPECT_EQ(store.ReadSite(5).visits, static_cast<int64_t>(log.size()));
    EXPECT_EQ(store.ReadSite(5).top_pages, TopPages(log, {}, UtcTime::max(), 5));
    ExpectExactRange(store, log, window_start, now_);
    ExpectExactRange(store, log, now_ - hours(40), window_start);
    ExpectExactRange(store, log, window_start, window_start + minutes(11));
    ExpectExactRange(store, log, std::chrono::floor<hours>(window_start), std::chrono::floor<hours>(now_));
  }
  static PageCounts TopPages(const std::vector<LoggedVisit>& log, UtcTime from, UtcTime before, size_t limit) {
    std::map<std::string, int64_t> counts;
    for (const LoggedVisit& visit : log) {
      if (visit.at >= from && visit.at < before) ++counts[visit.url];
    }
    auto pages = SortedByCount<PageCounts>(counts);
    if (pages.size() > limit) pages.resize(limit);
    return pages;
  }
  static void ExpectExactRange(VisitStore& store, const std::vector<LoggedVisit>& log, UtcTime from, UtcTime before) {
    std::map<UtcTime, int64_t> by_hour;
    for (const LoggedVisit& visit : log) {
      if (visit.at >= from && visit.at < before) ++by_hour[std::chrono::floor<hours>(visit.at)];
    }
    EXPECT_EQ(store.ReadHours(from, before), Sorted(by_hour)) << FormatIso(from) << " to " << FormatIso(before);
    for (const size_t limit : {0, 1, 4, 1'000}) {
      EXPECT_EQ(store.ReadTopPages(from, before, limit), TopPages(log, from, before, limit)) << limit;
    }
  }
  static void ExpectExactPage(VisitStore& store, const std::string& url, const Recount& recount,
                              const std::vector<LoggedVisit>& log, UtcTime window_start) {
    const PageStats page = store.ReadPage(*TrackedUrl::Parse(url), window_start);
    EXPECT_EQ(page.visits, recount.visits) << url;
    EXPECT_EQ(page.clients, static_cast<int64_t>(recount.clients.size())) << url;
    EXPECT_EQ(page.by_hour, Sorted(recount.by_hour)) << url;
    EXPECT_EQ(page.by_agent, SortedByCount<AgentCountList>(recount.by_agent)) << url;
    std::vector<std::pair<UtcTime, std::string>> newest;
    for (const LoggedVisit& visit : log) {
      if (visit.url == url && visit.at >= window_start && newest.size() < 20) newest.emplace_back(visit.at, visit.ip);
    }
    std::vector<std::pair<UtcTime, std::string>> recent;
    for (const LoggedVisit& visit : page.recent) recent.emplace_back(visit.at, visit.ip);
    EXPECT_EQ(recent, newest) << url;
  }

  std::mt19937 random_{20260301};
};

TEST_F(ExactFiguresTest, HoldWhileVisitsAreRecordedRolledUpImportedAndCleanedUp) {
  auto store = OpenStore();
  auto other = OpenStore();
  std::uniform_int_distribution<int> dice(0, 99);
  for (int step = 0; step < 120; ++step) {
    const int roll = dice(random_);
    if (roll < 70) {
      std::vector<Visit> visits;
      for (int i = 0; i <= roll; ++i) visits.push_back(RandomVisit());
      Record(roll % 2 == 0 ? store : other, visits);
      now_ += minutes(7);
    } else if (roll < 85) {
      store.Maintain(StoreAdmin::Load::kQuiet);
    } else if (roll < 95) {
      std::vector<LoggedVisit> past;
      for (int i = 0; i < 30; ++i) {
        const Visit visit = RandomVisit();
        past.push_back({visit.url.text(), visit.ip, visit.user_agent, now_ - minutes(dice(random_) * 13)});
      }
      Import(other, past);
    } else {
      store.PruneBefore(now_ - hours(15));
    }
    if (step % 10 == 9) {
      ExpectExact(store, now_ - hours(4));
      ExpectExact(other, std::chrono::floor<hours>(now_) - hours(2));
      ASSERT_TRUE(store.Check().empty()) << store.Check().front();
    }
  }
}

TEST_F(ExactFiguresTest, HoldWhileManyVisitsWaitToBeCounted) {
  constexpr const char* kUncounted = "select count(*) from visit v join state s on v.id > s.rollup_watermark";
  constexpr int kBatches = 10;
  constexpr int kBatchVisits = 500;
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

// Counts what is recorded, and kills its process at the `moment`-th of these: before each transaction is committed, and
// after it. What goes wrong aborts it.
[[noreturn]] void CountUntilCutOff(const std::string& database, int moment) noexcept {
  std::function<void()> pass = [&moment] {
    if (--moment == 0) kill(getpid(), SIGKILL);
  };
  const auto pass_before_commit = [](void* moments) {
    (*static_cast<std::function<void()>*>(moments))();
    return 0;
  };
  const DatabaseLock writer(database + ".lock");
  Connection connection(database);
  sqlite3_commit_hook(connection.handle(), pass_before_commit, &pass);
  Rollups rollups(connection);
  RollupJob(connection, writer, rollups, pass).RunToEnd();
  std::_Exit(0);
}

// False where all was counted before that moment.
bool IsCutOffCounting(const std::string& database, int moment) {
  const pid_t counter = fork();
  if (counter == 0) CountUntilCutOff(database, moment);
  int status = 0;
  EXPECT_EQ(waitpid(counter, &status, 0), counter);
  const bool cut_off = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
  EXPECT_TRUE(cut_off || (WIFEXITED(status) && WEXITSTATUS(status) == 0)) << "wait status " << status;
  return cut_off;
}

// The same visits in a file of their own for each moment: some that were counted before, then more than are rolled up
// in one transaction, with texts that are new.
TEST_F(ExactFiguresTest, HoldWhereverCountingIsCutOff) {
  constexpr const char* kInTheMiddle = "select rollup_target > rollup_watermark from state";
  constexpr const char* kUnused = "select count(*) from client where id not in (select client_id from visit)";
  constexpr const char* kNamed =
      "select count(*) from visit v join state s on v.id > s.totals_watermark where client_id >> 32 > 0";
  const auto now = now_;
  const auto random = random_;
  int in_the_middle = 0;
  int with_unused_texts = 0;
  int named_before_totals = 0;
  for (int moment = 1; !HasFailure(); ++moment) {
    SCOPED_TRACE(moment);
    database_ = folder_.File("visits-" + std::to_string(moment) + ".db");
    now_ = now;
    random_ = random;
    {
      auto store = OpenStore();
      for (int batch = 0; batch < 15; ++batch) {
        std::vector<Visit> visits;
        for (int i = 0; i < 400; ++i) visits.push_back(RandomVisit());
        visits.push_back(MakeVisit("http://h/new" + std::to_string(batch), "2001:db8:1::" + std::to_string(batch)));
        Record(store, visits);
        now_ += minutes(9);
        if (batch == 7) store.Maintain(StoreAdmin::Load::kQuiet);
      }
    }
    if (!IsCutOffCounting(database_, moment)) break;
    in_the_middle += static_cast<int>(Connection(database_).ReadInt(kInTheMiddle));
    with_unused_texts += static_cast<int>(Connection(database_).ReadInt(kUnused) > 0);
    named_before_totals += static_cast<int>(Connection(database_).ReadInt(kNamed) > 0);
    auto store = OpenStore();
    ExpectExact(store, now_ - hours(4));
    EXPECT_EQ(store.Check(), std::vector<std::string>());
    store.Maintain(StoreAdmin::Load::kQuiet);
    ExpectExact(store, now_ - hours(4));
    EXPECT_EQ(store.Check(), std::vector<std::string>());
  }
  EXPECT_GT(in_the_middle, 0) << "no counting was caught in the middle of a set";
  EXPECT_GT(with_unused_texts, 0) << "nor between the texts and the visits that refer to them";
  EXPECT_GT(named_before_totals, 0) << "nor between the clients that got their ids and the totals";
}

TEST_F(ExactFiguresTest, AWindowThatStartsInsideAnHourTakesThatHoursLastPieceOnly) {
  auto store = OpenStore();
  now_ = At("2026-03-01 10:15:00.500");
  Record(store, {MakeVisit("http://a/")});
  now_ = At("2026-03-01 10:45:00.500");
  Record(store, {MakeVisit("http://a/")});
  store.Maintain(StoreAdmin::Load::kQuiet);
  const auto counted = [&store](const char* start) {
    const auto by_hour = store.ReadPage(*TrackedUrl::Parse("http://a/"), At(start)).by_hour;
    return by_hour.empty() ? 0 : by_hour[0].second;
  };
  EXPECT_EQ(counted("2026-03-01 10:00:00"), 2);
  EXPECT_EQ(counted("2026-03-01 10:15:00"), 2);
  EXPECT_EQ(counted("2026-03-01 10:15:01"), 1);
  EXPECT_EQ(counted("2026-03-01 11:00:00"), 0);
}

TEST_F(ExactFiguresTest, RecentVisitsOfTheSummaryAreTenAPageOfTheHundredNewest) {
  auto store = OpenStore();
  Record(store, {MakeVisit("http://rare/")});
  now_ += minutes(1);
  for (int i = 0; i < 99; ++i) Record(store, {MakeVisit("http://busy/")});
  auto summary = store.ReadSummary(now_ - hours(1));
  ASSERT_EQ(summary.pages.size(), 2U);
  EXPECT_EQ(summary.pages[0].recent.size(), 10U);
  EXPECT_EQ(summary.pages[1].recent.size(), 1U);
  Record(store, {MakeVisit("http://busy/")});
  EXPECT_TRUE(store.ReadSummary(now_ - hours(1)).pages[1].recent.empty());
}

}  // namespace
}  // namespace page_count
