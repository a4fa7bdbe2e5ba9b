#include "worker/store/sqlite/columns/client_counter.h"

#include <stdexcept>

#include "tests/unit/store_fixture.h"
#include "worker/store/sqlite/columns/sealer.h"
#include "worker/store/sqlite/engine/write_transaction.h"

namespace page_count {
namespace {

using Clients = std::vector<PageClient>;

VisitRow RowOf(VisitId id, int64_t page, int64_t client) { return {.id = id, .texts = {page, client, 1, 0}}; }

TEST(UncountedClientsTest, AreOfThePageAndOfTheSiteSortedAndOnce) {
  const std::vector<VisitRow> visits = {RowOf(10, 2, 5), RowOf(11, 1, 5), RowOf(12, 2, 5), RowOf(13, 2, 4)};
  EXPECT_EQ(UncountedClients(visits, {}), (Clients{{kSitePage, 4}, {kSitePage, 5}, {1, 5}, {2, 4}, {2, 5}}));
  EXPECT_EQ(UncountedClients({}, {}), Clients());
}

TEST(UncountedClientsTest, AreNotOfVisitsUpToTheWatermark) {
  const std::vector<VisitRow> visits = {RowOf(10, 1, 3), RowOf(11, 1, 4)};
  EXPECT_EQ(UncountedClients(visits, {.clients_watermark = 10}), (Clients{{kSitePage, 4}, {1, 4}}));
  EXPECT_EQ(UncountedClients(visits, {.clients_watermark = 11}), Clients());
}

TEST(UncountedClientsTest, UpToTheTargetAreThoseFromTheCursorOn) {
  const std::vector<VisitRow> visits = {RowOf(10, 1, 3), RowOf(11, 1, 4), RowOf(12, 1, 2)};
  const ClientsProgress progress = {
      .clients_watermark = 9, .clients_target = 11, .clients_cursor = PageClientKey(1, 4)};
  EXPECT_EQ(UncountedClients(visits, progress), (Clients{{kSitePage, 2}, {1, 2}, {1, 4}}))
      << "of the visit after the target both, of those up to it what the cursor has not passed";
}

class ClientCounterTest : public StoreTest {
 protected:
  // Sealed, and not counted.
  void SealVisits(int visits) {
    auto store = OpenStore();
    std::vector<LoggedVisit> chunk;
    chunk.reserve(static_cast<size_t>(visits));
    for (int i = 0; i < visits; ++i) {
      chunk.push_back(
          {"http://a/" + std::to_string(i % 3),
           "10." + std::to_string(i / 62'500) + "." + std::to_string(i / 250 % 250) + "." + std::to_string(i % 250),
           "Firefox", now_});
    }
    Import(store, std::move(chunk));
    StartOver();
  }
  // After all others, from other addresses.
  void SealMore(int visits) {
    now_ += std::chrono::seconds(10);
    auto store = OpenStore();
    std::vector<Visit> more;
    more.reserve(static_cast<size_t>(visits));
    for (int i = 0; i < visits; ++i) more.push_back(MakeVisit("http://a/0", "2001:db8::" + std::to_string(i)));
    Record(store, more);
    Connection connection(database_);
    const DatabaseLock writer(database_ + ".lock");
    Sealer(connection, writer, sealing_, [] {}).SealAll();
  }
  void StartOver() {
    Connection connection(database_);
    const DatabaseLock writer(database_ + ".lock");
    ClientCounter counter(connection, writer, [] {});
    WriteTransaction transaction(connection, writer);
    counter.StartOver();
    transaction.Commit();
  }
  ClientsProgress Progress() {
    Connection connection(database_);
    return LogStateTable(connection).Read().clients;
  }
  int64_t VisitorsCounted() {
    return Connection(database_).ReadInt("select coalesce(sum(clients), 0) from page_total where page_id = 0");
  }
  template <typename Count>
  auto WithCounter(Count count, std::function<void()> between = [] {}) {
    Connection connection(database_);
    const DatabaseLock writer(database_ + ".lock");
    ClientCounter counter(connection, writer, std::move(between));
    return count(counter);
  }
  void ExpectWhole(int64_t visitors) {
    auto store = OpenStore();
    EXPECT_EQ(VisitorsOf(store), visitors);
    EXPECT_EQ(store.Check(), std::vector<std::string>());
  }
  static bool CountSome(ClientCounter& counter) { return counter.CountSome(); }
  static void CountAll(ClientCounter& counter) { counter.CountAll(); }
};

TEST_F(ClientCounterTest, HasNothingToDoWithoutVisits) {
  OpenStore().ProbeReading();
  EXPECT_FALSE(WithCounter(CountSome, [] { ADD_FAILURE() << "it wrote"; }));
}

TEST_F(ClientCounterTest, CountsOnceInShortTransactions) {
  SealVisits(9'000);
  EXPECT_EQ(VisitorsCounted(), 0);
  int transactions = 0;
  WithCounter(CountAll, [&] {
    ++transactions;
    ExpectWhole(9'000);
  });
  EXPECT_EQ(transactions, 5) << "of 18000 clients of pages and of the site";
  EXPECT_EQ(VisitorsCounted(), 9'000);
  EXPECT_FALSE(WithCounter(CountSome, [] { ADD_FAILURE() << "it wrote again"; }));
  ExpectWhole(9'000);
}

TEST_F(ClientCounterTest, DoesABoundedPartAtATime) {
  sealing_ = {.block_visits = 20'000, .worth_sealing = 1};
  SealVisits(150'000);
  EXPECT_TRUE(WithCounter(CountSome));
  EXPECT_LT(VisitorsCounted(), 150'000);
  ExpectWhole(150'000);
  WithCounter(CountAll);
  EXPECT_EQ(VisitorsCounted(), 150'000);
  ExpectWhole(150'000);
}

TEST_F(ClientCounterTest, GoesOnFromTheMiddleOfASet) {
  struct Stopped : std::runtime_error {
    using std::runtime_error::runtime_error;
  };
  SealVisits(9'000);
  for (int left = 4; left > 0; --left) {
    EXPECT_THROW(WithCounter(CountSome, [] { throw Stopped("after a transaction"); }), Stopped);
    EXPECT_EQ(Progress().clients_watermark, kNoVisit) << left;
    EXPECT_GT(Progress().clients_target, kNoVisit) << left;
    ExpectWhole(9'000);
  }
  SealMore(300);
  WithCounter(CountAll);
  EXPECT_EQ(Progress().clients_watermark, Progress().clients_target);
  EXPECT_EQ(VisitorsCounted(), 9'300);
  ExpectWhole(9'300);
}

// Those of visits that are gone are behind it all the same: the next ones are not counted as if they were before.
TEST_F(ClientCounterTest, PassesVisitsThatWereDeleted) {
  SealVisits(600);
  Connection(database_).Execute("delete from block_column; delete from block; delete from page_total");
  EXPECT_FALSE(WithCounter(CountSome));
  EXPECT_EQ(Progress().clients_watermark, Connection(database_).ReadInt("select sealed_watermark from state"));
  EXPECT_EQ(VisitorsCounted(), 0);
}

}  // namespace
}  // namespace page_count
