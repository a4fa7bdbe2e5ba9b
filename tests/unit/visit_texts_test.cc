// Texts of visits and the ids they are referred to by, where several processes record, count, import and clean up.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/unit/store_fixture.h"
#include "worker/store/sqlite/columns/pruner.h"
#include "worker/store/sqlite/columns/sealer.h"
#include "worker/store/sqlite/log/client_address.h"
#include "worker/store/sqlite/log/visit_log.h"

namespace page_count {
namespace {

class VisitTextsTest : public StoreTest {
 protected:
  static int64_t ClientOf(Connection& connection, const std::string& ip) {
    return Statement(connection, "client_find(address) -> id").ReadInt(std::string_view(PackAddress(ip)));
  }
  static std::string Describe(const LoggedVisit& visit) { return visit.url + ' ' + visit.ip + ' ' + visit.user_agent; }
};

TEST_F(VisitTextsTest, StayWhereAVisitRecordedDuringACleanupRefersToThem) {
  auto store = OpenStore();
  const std::vector<Visit> old(2'500, MakeVisit("http://a/", "2001:db8::1", "Lynx"));
  Record(store, old);
  now_ += std::chrono::hours(48);
  Connection connection(database_);
  const DatabaseLock writer(database_ + ".lock");
  Sealer(connection, writer, sealing_, [] {}).SealAll();
  ClientCounter counter(connection, writer, [] {});
  int recorded = 0;
  Pruner pruner(connection, writer, counter, [&] {
    if (recorded++ == 0) Record(store, {MakeVisit("http://a/", "2001:db8::1", "Lynx")});
  });
  EXPECT_EQ(pruner.DeleteSealed(kNoVisit, FirstIdAt(now_)), 2'500);
  pruner.DeleteTexts();
  ASSERT_GT(recorded, 1) << "it was recorded before the last transaction";
  const auto left = ReadAll(store);
  ASSERT_EQ(left.size(), 1);
  EXPECT_EQ(Describe(left[0]), "http://a/ 2001:db8::1 Lynx");
  EXPECT_EQ(Record(store, {MakeVisit("http://a/")})[0].page_visits, 2);
  while (store.Maintain(StoreAdmin::Load::kQuiet)) {
  }
  EXPECT_EQ(VisitorsOf(store), 2);
  EXPECT_EQ(store.Check(), std::vector<std::string>());
}

TEST_F(VisitTextsTest, AreNotAddedAgainWhereSomebodyElseAddedThemMeanwhile) {
  auto store = OpenStore();
  Record(store, {MakeVisit("http://a/")});
  Connection connection(database_);
  VisitLog log(connection);
  const std::vector<VisitTexts> texts = {{kNoVisit, "http://b/", "2001:db8::2", "Lynx"},
                                         {kNoVisit, "http://c/", "2001:db8::3", "w3m"}};
  const std::vector<std::string> addresses = {PackAddress("2001:db8::2"), PackAddress("2001:db8::3")};
  std::vector<VisitRow> rows;
  PendingIds pending;
  {
    Transaction snapshot(connection, Transaction::Kind::kRead);
    pending = log.FindTexts(texts, rows);
    log.FindClients(addresses, rows, pending);
  }
  Record(store, {MakeVisit("http://c/", "2001:db8::2", "w3m")});
  while (store.Maintain(StoreAdmin::Load::kQuiet)) {
  }
  {
    Transaction transaction(connection, Transaction::Kind::kWrite);
    while (pending.HasMissing()) log.AddTexts(pending);
    transaction.Commit();
  }
  VisitLog::AssignIds(pending, rows);
  EXPECT_EQ(rows[1].page(), connection.ReadInt("select id from page where url = 'http://c/'"));
  EXPECT_EQ(rows[0].page(), connection.ReadInt("select id from page where url = 'http://b/'"));
  EXPECT_EQ(rows[0].client(), ClientOf(connection, "2001:db8::2"));
  EXPECT_EQ(rows[1].client(), ClientOf(connection, "2001:db8::3"));
  EXPECT_EQ(rows[1].texts[IndexOf(Dimension::kAgent)], connection.ReadInt("select id from agent where name = 'w3m'"));
  EXPECT_EQ(store.Check(), std::vector<std::string>());
}

TEST_F(VisitTextsTest, AreThereAlsoBeforeAVisitIsSealed) {
  auto store = OpenStore();
  Record(store,
         {MakeVisit("http://a/", "2001:db8::1"), MakeVisit("http://a/", "", "Lynx"), MakeVisit("http://b/", "::1")});
  const std::vector<std::string> expected = {"http://b/ ::1 Firefox", "http://a/  Lynx",
                                             "http://a/ 2001:db8::1 Firefox"};
  for (const bool counted : {false, true}) {
    std::vector<std::string> visits;
    for (const LoggedVisit& visit : ReadAll(store)) visits.push_back(Describe(visit));
    EXPECT_EQ(visits, expected);
    const auto newest = store.Ask({{}, NewestVisits{{}, "http://a/", 20}}).newest;
    ASSERT_EQ(newest.size(), 2);
    EXPECT_EQ(newest[1].ip, "2001:db8::1");
    EXPECT_EQ(VisitorsOf(store, "http://a/"), 2);
    EXPECT_EQ(store.Check(), std::vector<std::string>());
    if (counted) break;
    while (store.Maintain(StoreAdmin::Load::kQuiet)) {
    }
    EXPECT_EQ(Connection(database_).ReadInt("select count(*) from visit"), 0);
  }
}

}  // namespace
}  // namespace page_count
