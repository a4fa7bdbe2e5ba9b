#include "worker/store/sqlite/sqlite_visit_store.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>

#include "tests/unit/store_fixture.h"
#include "worker/store/sqlite/engine/schema.h"
#include "worker/store/sqlite/engine/sql.h"
#include "worker/store/sqlite/tools/historical_ids.h"

namespace page_count {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

TEST_F(StoreTest, CountsAPagesVisitsUpToEachVisitOfABatch) {
  auto store = OpenStore();
  Record(store, {MakeVisit("http://a/")});
  const auto receipts = Record(store, {MakeVisit("http://a/"), MakeVisit("http://b/"), MakeVisit("http://a/")});
  ASSERT_EQ(receipts.size(), 3U);
  EXPECT_EQ(receipts[0].page_visits, 2);
  EXPECT_EQ(receipts[1].page_visits, 1);
  EXPECT_EQ(receipts[2].page_visits, 3);
}

TEST_F(StoreTest, TimeNeverGoesBackWhenTheClockDoes) {
  auto store = OpenStore();
  const UtcTime first = Record(store, {MakeVisit("http://a/")})[0].at;
  now_ -= hours(5);
  EXPECT_GE(Record(store, {MakeVisit("http://a/")})[0].at, first);
}

TEST_F(StoreTest, TimeDoesNotGoBackAfterVisitsThatWereCleanedUp) {
  auto store = OpenStore();
  const UtcTime first = Record(store, {MakeVisit("http://a/")})[0].at;
  EXPECT_EQ(store.PruneBefore(first + hours(1)), 1);
  now_ -= hours(5);
  EXPECT_GE(Record(store, {MakeVisit("http://a/")})[0].at, first);
}

TEST_F(StoreTest, CleanupOfTheNewestGivesNewVisitsTheClocksTimeAgain) {
  auto store = OpenStore();
  auto worker = OpenStore();
  const UtcTime right = now_;
  Record(worker, {MakeVisit("http://a/"), MakeVisit("http://a/", "2001:db8::1")});
  now_ += hours(24);
  Record(worker, std::vector<Visit>(3'000, MakeVisit("http://a/", "2001:db8::2", "Lynx")));
  store.Maintain(StoreAdmin::Load::kQuiet);  // counted in part
  Record(worker, {MakeVisit("http://b/", "2001:db8::3", "w3m")});
  now_ = right + seconds(10);
  EXPECT_EQ(TimeOf(Connection(database_).ReadInt("select max(id) from visit")), right + hours(24));
  EXPECT_GE(Record(worker, {MakeVisit("http://a/")})[0].at, right + hours(24));

  EXPECT_EQ(store.PruneFrom(right + seconds(5)), 3'002);
  const auto receipt = Record(worker, {MakeVisit("http://a/")})[0];
  EXPECT_EQ(receipt.at, now_);
  EXPECT_EQ(receipt.page_visits, 3);
  EXPECT_EQ(VisitsOf(store), 3);
  EXPECT_EQ(VisitorsOf(store), 2);
  while (store.Maintain(StoreAdmin::Load::kQuiet)) {
  }
  EXPECT_EQ(store.Check(), std::vector<std::string>());
  now_ -= hours(1);
  EXPECT_GE(Record(worker, {MakeVisit("http://a/")})[0].at, receipt.at) << "time goes back no more than once";
  EXPECT_EQ(store.PruneFrom(UtcTime()), 4);
  EXPECT_EQ(Record(worker, {MakeVisit("http://a/")})[0].at, now_);
  EXPECT_EQ(store.Check(), std::vector<std::string>());
}

TEST_F(StoreTest, AVisitOnAFullSecondIsSeenByWhoAsksForWhatCameAfterThatSecond) {
  auto store = OpenStore();
  now_ = At("2026-03-01 12:00:01");
  Record(store, {MakeVisit("http://a/"), MakeVisit("http://b/")});
  int seen = 0;
  ScanRange since;
  since.from = now_ + milliseconds(1);
  store.Scan(since, [&seen](auto visits) { return (seen += static_cast<int>(visits.size())) > 0; });
  EXPECT_EQ(seen, 2);
}

TEST_F(StoreTest, AVisitAfterOnesImportedOnAFullSecondIsStillSeenByWhoAsksForWhatCameAfterIt) {
  auto store = OpenStore();
  now_ = At("2026-03-01 12:00:01");
  Import(store, {{"http://a/", "192.0.2.1", "Firefox", now_}});
  EXPECT_GT(Record(store, {MakeVisit("http://b/")})[0].at, now_);
}

TEST_F(StoreTest, CountsImportsOfTheVeryFirstMillisecondAndAfterARepair) {
  auto store = OpenStore();
  Import(store, {{"http://a/", "192.0.2.1", "Lynx", UtcTime()}, {"http://a/", "192.0.2.2", "Lynx", UtcTime()}});
  store.Repair();
  EXPECT_EQ(VisitorsOf(store), 2);
  EXPECT_EQ(store.Check(), std::vector<std::string>());
}

TEST_F(StoreTest, GivesEachOfMoreVisitsThanAMillisecondHoldsAnIdOfItsOwn) {
  const std::vector<UtcTime> visits((1U << 20) + 3, At("2025-09-14"));
  const auto ids = AllocateHistoricalIds(visits, VisitOrder::kOldestFirst, {});
  ASSERT_EQ(ids.size(), visits.size());
  EXPECT_EQ(std::adjacent_find(ids.begin(), ids.end(), std::greater_equal<>()), ids.end());
  EXPECT_EQ(TimeOf(ids.front()), At("2025-09-14"));
  EXPECT_EQ(TimeOf(ids.back()), At("2025-09-14") + milliseconds(1));
}

TEST_F(StoreTest, ImportsKeepTheOrderOfVisitsOfOneTime) {
  using enum VisitOrder;
  for (const VisitOrder order : {kOldestFirst, kNewestFirst}) {
    for (const VisitOrder order_before : {kOldestFirst, kNewestFirst}) {
      database_ = folder_.File(order == kOldestFirst ? "a" : "b") + (order_before == kOldestFirst ? "a" : "b");
      auto store = OpenStore();
      for (const auto& [name, of_pieces] :
           {std::pair("http://before/", order_before), std::pair("http://after/", order)}) {
        int next = 0;
        store.Import([&, path = std::string(name), list_order = of_pieces] {
          VisitList list{{}, list_order};
          for (const int end = next + 2; next < end && next < 6; ++next) {
            list.visits.push_back({path + std::to_string(next), "192.0.2.1", "a", At("2025-09-14 10:30:00")});
          }
          return BatchOf(list);
        });
      }
      std::string before;
      std::string after;
      for (const LoggedVisit& visit : ReadAll(store)) {
        (visit.url.starts_with("http://before/") ? before : after) += visit.url.back();
        EXPECT_EQ(FormatSpaced(visit.at), "2025-09-14 10:30:00");
      }
      EXPECT_EQ(before, order_before == kNewestFirst ? "012345" : "543210");
      EXPECT_EQ(after, order == kNewestFirst ? "012345" : "543210");
      EXPECT_EQ(store.Check(), std::vector<std::string>());
    }
  }
}

TEST_F(StoreTest, GivesEachOfMoreVisitsThanAMillisecondHoldsAnIdOfItsOwnFromTheNewestOn) {
  const std::vector<UtcTime> visits((1U << 20) + 3, UtcTime());
  auto ids = AllocateHistoricalIds(visits, VisitOrder::kNewestFirst, {});
  EXPECT_GT(ids[0], ids[1]);
  std::sort(ids.begin(), ids.end());
  EXPECT_EQ(std::adjacent_find(ids.begin(), ids.end()), ids.end());
  EXPECT_EQ(ids.front(), 1) << "0 is none";
  EXPECT_EQ(TimeOf(ids.back()), UtcTime() + milliseconds(1));
}

TEST_F(StoreTest, TotalsAreRightAfterARepairElsewhere) {
  auto store = OpenStore();
  auto other = OpenStore();
  Record(store, {MakeVisit("http://a/")});
  while (store.Maintain(StoreAdmin::Load::kQuiet)) {
  }
  Connection(database_).Execute("update page_total set visits = 70 where page_id > 0");
  Record(store, {MakeVisit("http://a/")});
  other.Repair();
  EXPECT_EQ(Record(store, {MakeVisit("http://a/")})[0].page_visits, 3);
}

TEST_F(StoreTest, ScanTakesTimesThatNoVisitCanHave) {
  auto store = OpenStore();
  Record(store, {MakeVisit("http://a/")});
  const auto count = [&store](const ScanRange& range) {
    size_t seen = 0;
    store.Scan(range, [&seen](auto visits) { return (seen += visits.size()) > 0; });
    return seen;
  };
  for (const char* late : {"2300-01-01", "3000-01-01", "9999-12-31"}) {
    ScanRange until;
    until.before = At(late);
    EXPECT_EQ(count(until), 1U) << late;
    ScanRange since;
    since.from = At(late);
    EXPECT_EQ(count(since), 0U) << late;
  }
}

TEST_F(StoreTest, ScanSkipsLimitsAndBoundsNewestFirst) {
  auto store = OpenStore();
  for (int i = 0; i < 5; ++i) {
    Record(store, {MakeVisit("http://a/" + std::to_string(i))});
    now_ += seconds(10);
  }
  ScanRange range;
  range.before = At("2026-03-01 12:00:40");
  range.offset = 1;
  range.limit = 2;
  std::vector<std::string> urls;
  store.Scan(range, [&urls](auto visits) {
    for (const auto& visit : visits) urls.push_back(visit.url);
    return true;
  });
  EXPECT_EQ(urls, (std::vector<std::string>{"http://a/2", "http://a/1"}));
}

TEST_F(StoreTest, ScanGoesOnAfterItsFirstPiece) {
  auto store = OpenStore();
  for (int batch = 0; batch < 50; ++batch) Record(store, std::vector<Visit>(100, MakeVisit("http://a/")));
  EXPECT_EQ(ReadAll(store).size(), 5'000U);
}

TEST_F(StoreTest, KnowsWhatAnotherInstanceRecorded) {
  auto one = OpenStore();
  auto other = OpenStore();
  Record(one, {MakeVisit("http://a/")});
  EXPECT_EQ(Record(other, {MakeVisit("http://a/")})[0].page_visits, 2);
  EXPECT_EQ(VisitsOf(one), 2);
}

TEST_F(StoreTest, ForgetsTheTextsOfCleanedUpVisitsEverywhere) {
  auto one = OpenStore();
  auto other = OpenStore();
  Record(one, {MakeVisit("http://a/", "192.0.2.7", "Lynx")});
  EXPECT_EQ(other.PruneBefore(now_ + hours(1)), 1);
  EXPECT_EQ(VisitorsOf(one), 0);
  // `one` remembers ids that are gone; they must not come back.
  Record(one, {MakeVisit("http://a/", "192.0.2.7", "Lynx")});
  ASSERT_EQ(ReadAll(other).size(), 1U);
  EXPECT_EQ(ReadAll(other)[0].user_agent, "Lynx");
  EXPECT_TRUE(other.Check().empty());
}

TEST_F(StoreTest, CleanupKeepsTextsThatOnlyVisitsAfterTheWatermarkReferTo) {
  auto store = OpenStore();
  Record(store, {MakeVisit("http://a/", "192.0.2.7", "Lynx")});
  store.Maintain(StoreAdmin::Load::kQuiet);
  now_ += hours(48);
  Record(store, {MakeVisit("http://a/", "192.0.2.7", "Lynx")});
  EXPECT_EQ(store.PruneBefore(now_ - hours(24)), 1);
  ASSERT_EQ(ReadAll(store).size(), 1U);
  EXPECT_EQ(VisitorsOf(store), 1);
  while (store.Maintain(StoreAdmin::Load::kQuiet)) {
  }
  EXPECT_TRUE(store.Check().empty());
}

TEST_F(StoreTest, RefusesAFileThatIsSomethingElses) {
  Connection(database_).Execute("create table notes (text)");
  auto store = OpenStore();
  EXPECT_THROW(store.ProbeReading(), StoreError);
}

TEST_F(StoreTest, WorksAgainOnceTheFileIsUsable) {
  std::ofstream(database_) << "this is no database, and long enough to be taken for one";
  auto store = OpenStore();
  EXPECT_THROW(store.ProbeReading(), StoreError);
  std::filesystem::remove(database_);
  EXPECT_NO_THROW(store.ProbeReading());
}

TEST_F(StoreTest, OpensThePathAnewWhenTheFileIsGone) {
  auto store = OpenStore();
  Record(store, {MakeVisit("http://a/")});
  for (const char* ending : {"", "-wal", "-shm"}) std::filesystem::remove(database_ + ending);
  Record(store, {MakeVisit("http://b/")});
  auto fresh = OpenStore();
  EXPECT_EQ(ReadAll(fresh).size(), 1U);
}

TEST_F(StoreTest, CheckFindsWhatRepairMends) {
  auto store = OpenStore();
  for (int i = 0; i < 20; ++i) Record(store, {MakeVisit("http://a/"), MakeVisit("http://b/", "192.0.2.2")});
  while (store.Maintain(StoreAdmin::Load::kQuiet)) {
  }
  ASSERT_TRUE(store.Check().empty());
  for (const char* damage :
       {"update page_total set visits = visits + 1 where page_id = 1", "delete from page_total where page_id = 1",
        "insert into page_total values (9, 1, 0)", "delete from page_clients where id >> 33 = 2",
        "update page_clients set clients = x'0105' where id >> 33 = 1",
        "update page_total set clients = clients + 1 where page_id = 2",
        "update page_total set clients = clients + 1 where page_id = 0",
        "insert into page_clients values (9 << 33, x'0101')"}) {
    Connection(database_).Execute(damage);
    EXPECT_FALSE(store.Check().empty()) << damage;
    store.Repair();
    EXPECT_TRUE(store.Check().empty()) << damage;
  }
}

// What no repair brings back, as it holds the visits themselves.
TEST_F(StoreTest, CheckFindsDamageToTheVisits) {
  for (const char* damage :
       {"update block_column set codes = zeroblob(length(codes)) where id & 15 = 0",
        "update block_column set codes = cast(substr(codes, 1, length(codes) - 1) as blob) where id & 15 = 1",
        "update block_column set codes = (select codes from block_column where id & 15 = 3) where id & 15 = 2",
        "delete from block_column where id & 15 = 4", "update block set visits = visits + 1",
        "update block set last_id = last_id + 1", "delete from block", "update state set sealed_watermark = 1",
        "delete from page where id = 1", "delete from client where id = 1", "delete from agent where id = 1",
        "update state set last_page_id = 1", "update state set last_client_id = 1"}) {
    database_ = folder_.File(std::to_string(std::hash<std::string_view>{}(damage)) + ".db");
    auto store = OpenStore();
    for (int i = 0; i < 20; ++i) Record(store, {MakeVisit("http://a/"), MakeVisit("http://b/", "192.0.2.2", "Lynx")});
    while (store.Maintain(StoreAdmin::Load::kQuiet)) {
    }
    ASSERT_EQ(store.Check(), std::vector<std::string>()) << damage;
    Connection(database_).Execute(damage);
    EXPECT_FALSE(store.Check().empty()) << damage;
  }
}

TEST_F(StoreTest, LongListsOfClientsAreSplitAndComeToNothingAgain) {
  constexpr int kClients = 3'000;
  constexpr int kStep = 1'009;  // no divisor in common with kClients: every client comes, in no order
  auto store = OpenStore();
  std::vector<UtcTime> ends;
  for (int i = 0; i < 2 * kClients; i += 500) {
    std::vector<Visit> visits;
    for (int j = i; j < i + 500; ++j) {
      const int client = j * kStep % kClients;
      visits.push_back(MakeVisit(j % 3 == 0 ? "http://a/" : "http://b/",
                                 "10.0." + std::to_string(client / 250) + "." + std::to_string(client % 250)));
    }
    Record(store, visits);
    now_ += std::chrono::hours(1);
    ends.push_back(now_);
    if (i % 1'500 == 0) store.Maintain(StoreAdmin::Load::kQuiet);
  }
  EXPECT_EQ(VisitorsOf(store), kClients);  // some counted, some not
  while (store.Maintain(StoreAdmin::Load::kQuiet)) {
  }
  EXPECT_EQ(VisitorsOf(store), kClients);
  EXPECT_GT(Connection(database_).ReadInt("select count(*) from page_clients where id >> 33 = 0"), 10);
  EXPECT_EQ(store.Check(), std::vector<std::string>());
  for (const UtcTime end : ends) {
    EXPECT_EQ(store.PruneBefore(end), 500);
    EXPECT_EQ(store.Check(), std::vector<std::string>());
  }
  EXPECT_EQ(VisitorsOf(store), 0);
  EXPECT_EQ(Connection(database_).ReadInt("select count(*) from page_clients"), 0);
}

TEST_F(StoreTest, ClientsOfEverySpellingAreKeptAndForgotten) {
  auto store = OpenStore();
  const std::vector<std::string> ips = {"2001:db8::1", "unknown", "0.0.0.0", "255.255.255.255", "192.0.2.01"};
  for (const std::string& ip : ips) Record(store, {MakeVisit("http://a/", ip)});
  while (store.Maintain(StoreAdmin::Load::kQuiet)) {
  }
  EXPECT_EQ(VisitorsOf(store), 5);
  std::vector<std::string> read;
  for (const LoggedVisit& visit : ReadAll(store)) read.insert(read.begin(), visit.ip);
  EXPECT_EQ(read, ips);
  EXPECT_EQ(Connection(database_).ReadInt("select count(*) from client"), 5);
  EXPECT_EQ(store.Check(), std::vector<std::string>());
  EXPECT_EQ(store.PruneBefore(now_ + hours(1)), 5);
  EXPECT_EQ(Connection(database_).ReadInt("select count(*) from client"), 0);
}

TEST_F(StoreTest, ABackupHoldsWhatIsCommitted) {
  auto store = OpenStore();
  Record(store, {MakeVisit("http://a/")});
  const std::string copy = folder_.File("copy.db");
  store.Backup(copy);
  SqliteVisitStore restored({copy, true, [this] { return now_; }});
  EXPECT_EQ(ReadAll(restored).size(), 1U);
  EXPECT_THROW(store.Backup(copy), StoreError);
}

}  // namespace
}  // namespace page_count
