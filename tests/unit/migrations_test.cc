#include "worker/store/sqlite/engine/migrations.h"

#include <gtest/gtest.h>

#include <future>
#include <optional>
#include <string>
#include <vector>

#include "tests/unit/store_fixture.h"
#include "worker/store/sqlite/engine/sql.h"
#include "worker/system/file_lock.h"

namespace page_count {
namespace {

class MigrationsTest : public StoreTest {
 protected:
  // A file of the first schema: five visits an hour apart, of which the first is rolled up.
  void MakeOldFile() {
    Connection old(database_);
    old.Execute("pragma journal_mode=wal");
    old.Execute(std::string(Sql("0001_visit_log")).c_str());
    old.Execute("insert into page values (3, 'http://a/'), (4, 'http://b/')");
    old.Execute(
        "insert into client values (7, '192.0.2.1'), (8, '192.0.2.2'), (9, '2001:db8::9'), (11, '1.2.3.256'), "
        "(12, '')");
    old.Execute("insert into agent values (5, 'Lynx')");
    old.Execute(
        "insert into visit values (1767225600500 << 20, 3, 7, 5), (1767229200500 << 20, 4, 7, 5), "
        "(1767232800500 << 20, 3, 8, 5), (1767236400500 << 20, 3, 9, 5), (1767240000500 << 20, 4, 11, 5)");
    old.Execute("insert into page_total values (0, 0, 1), (3, 3, 1), (4, 2, 0)");
    old.Execute("insert into page_client values (0, 7, 1), (3, 7, 1)");
    old.Execute("insert into page_hour values (490896, 0, 1, x'0501'), (490896, 3, 1, x'0501')");
    old.Execute("insert into agent_total values (5, 1)");
    old.Execute("update state set rolled_up_id = 1767225600500 << 20");
    old.Execute(("pragma application_id=" + std::to_string(kApplicationId)).c_str());
    old.Execute("pragma user_version=1");
  }

  void MakeFileWithTail() {
    Connection old(database_);
    old.Execute("pragma journal_mode=wal");
    for (const char* name : {"0001_visit_log", "0002_tail", "0003_page_clients", "0004_ipv4_clients"}) {
      old.Execute(std::string(Sql(name)).c_str());
    }
    old.Execute("insert into page values (3, 'http://a/')");
    old.Execute("insert into agent values (5, 'Lynx')");
    old.Execute("insert into visit values (1767225600500 << 20, 3, 1 + (192 << 24) + (2 << 8) + 1, 5)");
    old.Execute("insert into page_total values (3, 1, 0)");
    old.Execute("update state set filed_id = 1767225600500 << 20, last_page_id = 3, last_agent_id = 5");
    old.Execute(
        "insert into tail values (1767229200500 << 20, 'http://c/', '2001:db8::1', 'w3m'), "
        "(1767232800500 << 20, 'http://b/', '255.0.2.1', 'w3m'), (1767236400500 << 20, 'http://a/', '01.2.3.4', ''), "
        "(1767240000500 << 20, 'http://a/', '1.2.3.256', 'Lynx')");
    old.Execute(("pragma application_id=" + std::to_string(kApplicationId)).c_str());
    old.Execute("pragma user_version=4");
  }
};

TEST_F(MigrationsTest, MoveAFileOfTheFirstSchemaOnAndCountItAnew) {
  MakeOldFile();
  auto store = OpenStore();
  EXPECT_EQ(store.ReadSite(10).clients, 4);  // before anything is counted anew
  EXPECT_EQ(Record(store, {MakeVisit("http://a/", "192.0.2.9")})[0].page_visits, 4);
  while (store.Maintain(VisitStore::Load::kQuiet)) {
  }
  EXPECT_EQ(store.ReadSite(10).clients, 5);
  EXPECT_EQ(store.ReadSite(10).top_pages, (PageCounts{{"http://a/", 4}, {"http://b/", 2}}));
  EXPECT_EQ(store.Check(), std::vector<std::string>());
}

TEST_F(MigrationsTest, KeepEachVisitsAddress) {
  MakeOldFile();
  auto store = OpenStore();
  std::vector<std::string> ips;
  for (const LoggedVisit& visit : ReadAll(store)) ips.push_back(visit.ip);
  EXPECT_EQ(ips, (std::vector<std::string>{"1.2.3.256", "2001:db8::9", "192.0.2.2", "192.0.2.1", "192.0.2.1"}));
  EXPECT_EQ(Connection(database_).ReadInt("select count(*) from visits where ip_address in "
                                          "('1.2.3.256', '2001:db8::9', '192.0.2.2', '192.0.2.1')"),
            5);
}

// A worker of the version before serves on for some seconds. It knows ids of texts, and the generation they hold in.
TEST_F(MigrationsTest, VoidWhatAWorkerOfTheVersionBeforeRemembersOfClients) {
  MakeOldFile();
  {
    Connection old(database_);
    for (const char* name : {"0002_tail", "0003_page_clients"}) old.Execute(std::string(Sql(name)).c_str());
    old.Execute("pragma user_version=3");
  }
  constexpr const char* kEpoch = "select epoch from state";
  const int64_t epoch_before = Connection(database_).ReadInt(kEpoch);
  OpenStore().ProbeReading();
  Connection file(database_);
  EXPECT_NE(file.ReadInt(kEpoch), epoch_before);
  EXPECT_THROW(file.Execute("select id from client where ip = '192.0.2.1'"), StoreError) << "nor can it ask again";
}

// A file of the schema before, with a visit that was filed and some in the tail.
TEST_F(MigrationsTest, KeepWhatStandsInTheTail) {
  MakeFileWithTail();
  auto store = OpenStore();
  std::vector<std::string> visits;
  for (const LoggedVisit& visit : ReadAll(store)) visits.push_back(visit.url + ' ' + visit.ip + ' ' + visit.user_agent);
  EXPECT_EQ(visits,
            (std::vector<std::string>{"http://a/ 1.2.3.256 Lynx", "http://a/ 01.2.3.4 ", "http://b/ 255.0.2.1 w3m",
                                      "http://c/ 2001:db8::1 w3m", "http://a/ 192.0.2.1 Lynx"}));
  EXPECT_EQ(Connection(database_).ReadInt("select count(*) from visits where ip_address in ('1.2.3.256', '01.2.3.4', "
                                          "'255.0.2.1', '2001:db8::1', '192.0.2.1')"),
            5);
  EXPECT_EQ(Record(store, {MakeVisit("http://a/", "1.2.3.256", "w3m")})[0].page_visits, 4);
  EXPECT_EQ(store.ReadSite(10).clients, 5);
  while (store.Maintain(VisitStore::Load::kQuiet)) {
  }
  EXPECT_EQ(store.ReadSite(10).clients, 5);
  EXPECT_EQ(store.Check(), std::vector<std::string>());
}

TEST_F(MigrationsTest, LetAWorkerOfTheVersionBeforeRecordOn) {
  MakeFileWithTail();
  Connection old(database_);
  old.Execute("select id, url, ip, user_agent from tail");
  auto store = OpenStore();
  store.ProbeReading();
  constexpr const char* kNewest = "select max(filed_id, coalesce((select max(id) from tail), 0)) from state";
  EXPECT_EQ(old.ReadInt(kNewest), int64_t{1767240000500} << 20);
  old.Execute(
      "insert into tail (id, url, ip, user_agent) values (1767240000501 << 20, 'http://d/', '192.0.2.7', 'Lynx')");
  old.Execute("insert into tail (id, url, ip, user_agent) values (1767240000502 << 20, 'http://d/', '::1', 'Links')");
  EXPECT_EQ(Record(store, {MakeVisit("http://d/", "::1", "Links")})[0].page_visits, 3);
  EXPECT_EQ(old.ReadInt("select (select count(*) from visit) + (select count(*) from tail)"), 8) << "each once";
  EXPECT_THROW(old.Execute("delete from visit where id = 1767225600500 << 20"), StoreError) << "nor does it clean up";
  while (store.Maintain(VisitStore::Load::kQuiet)) {
  }
  EXPECT_EQ(store.ReadSite(1).top_pages, (PageCounts{{"http://a/", 3}}));
  EXPECT_EQ(store.ReadPage(*TrackedUrl::Parse("http://d/"), {}).clients, 2);
  EXPECT_EQ(store.Check(), std::vector<std::string>());
}

TEST_F(MigrationsTest, WaitForWhoIsCounting) {
  MakeOldFile();
  const FileLock maintenance(database_ + ".maintenance");
  auto counting = std::make_optional(maintenance.Lock());
  auto migrated = std::async(std::launch::async, [this] { OpenStore().ProbeReading(); });
  EXPECT_EQ(Connection(database_).ReadInt("pragma user_version"), 1);
  counting.reset();
  migrated.get();
  EXPECT_GT(Connection(database_).ReadInt("pragma user_version"), 3);
}

TEST_F(MigrationsTest, NeverGiveAnIdAgain) {
  MakeOldFile();
  auto store = OpenStore();
  Record(store, {MakeVisit("http://c/", "2001:db8::1", "Firefox")});
  while (store.Maintain(VisitStore::Load::kQuiet)) {
  }
  Connection file(database_);
  EXPECT_EQ(file.ReadInt("select id from page where url = 'http://c/'"), 5);
  EXPECT_EQ(file.ReadInt("select id - 4294967296 from text_client where ip = '2001:db8::1'"), 13);
}

TEST_F(MigrationsTest, RefuseAFileOfANewerSchemaAndLeavesItAsItIs) {
  {
    auto store = OpenStore();
    Record(store, {MakeVisit("http://a/")});
  }
  Connection(database_).Execute("pragma user_version=99");
  auto store = OpenStore();
  try {
    store.ReadSite(1);
    FAIL() << "a newer schema was accepted";
  } catch (const StoreError& error) {
    EXPECT_NE(std::string(error.what()).find("upgrade page-count"), std::string::npos) << error.what();
  }
  EXPECT_EQ(Connection(database_).ReadInt("select count(*) from visits"), 1);
}

}  // namespace
}  // namespace page_count
