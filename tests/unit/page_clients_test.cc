#include "worker/store/sqlite/columns/page_clients.h"

#include <map>
#include <set>

#include "tests/unit/store_fixture.h"
#include "worker/store/sqlite/engine/database_lock.h"
#include "worker/store/sqlite/engine/write_transaction.h"

namespace page_count {
namespace {

constexpr int64_t kPage = 7;
constexpr size_t kMostPartBytes = 480;

class PageClientsTest : public StoreTest {
 protected:
  PageClientsTest() { OpenStore().ProbeReading(); }  // which makes the tables

  void Add(const std::set<PageClient>& clients) {
    const std::vector<PageClient> sorted(clients.begin(), clients.end());
    PageClients::Plan plan;
    {
      const Transaction snapshot(connection_, Transaction::Kind::kRead);
      sets_.PlanToAdd(sorted, plan);
    }
    WriteTransaction transaction(connection_, writer_);
    sets_.Write(plan);
    transaction.Commit();
    parts_written_ = plan.parts.size();
  }
  std::set<PageClient> ReadAllSets() {
    std::set<PageClient> all;
    Statement read(connection_, "page_clients_range(from_id, before_id) -> id, clients");
    Rows rows = read.Run(int64_t{0}, std::numeric_limits<int64_t>::max());
    while (rows.Next()) {
      EXPECT_LE(rows.Bytes(1).size(), kMostPartBytes);
      for (const int64_t client : UnpackIds(rows.Bytes(1))) {
        const PageClient added{rows.Int(0) >> kClientBits, client};
        EXPECT_TRUE(all.insert(added).second) << "client " << client << " is twice in page " << added.page_id;
        EXPECT_GE(PageClientKey(added.page_id, client), rows.Int(0)) << "it belongs to a part before";
      }
    }
    return all;
  }
  int64_t Parts() { return connection_.ReadInt("select count(*) from page_clients"); }
  std::map<int64_t, int64_t> Sizes() {
    std::map<int64_t, int64_t> sizes;
    Statement read(connection_, "page_total_read() -> page_id, visits, clients");
    Rows rows = read.Run();
    while (rows.Next()) sizes[rows.Int(0)] = rows.Int(2);
    return sizes;
  }
  static std::set<PageClient> Range(int64_t page, int64_t first, int64_t before, int64_t step = 1) {
    std::set<PageClient> clients;
    for (int64_t client = first; client < before; client += step) clients.insert({page, client});
    return clients;
  }
  static std::set<PageClient> Together(std::set<PageClient> one, const std::set<PageClient>& other) {
    one.insert(other.begin(), other.end());
    return one;
  }

  DatabaseLock writer_{database_ + ".lock"};
  Connection connection_{database_};
  PageClients sets_{connection_};
  size_t parts_written_ = 0;
};

TEST_F(PageClientsTest, AreOfTheirPageAloneAndCounted) {
  const std::set<PageClient> clients = {{kSitePage, 1}, {kSitePage, 2}, {kPage, 1}, {kPage + 1, 1}, {kPage + 1, 2}};
  Add(clients);
  EXPECT_EQ(ReadAllSets(), clients);
  EXPECT_EQ(Sizes(), (std::map<int64_t, int64_t>{{kSitePage, 2}, {kPage, 1}, {kPage + 1, 2}}));
}

TEST_F(PageClientsTest, ThatAreThereAlreadyChangeNothing) {
  Add(Range(kPage, 1, 50));
  Add(Range(kPage, 10, 20));
  EXPECT_EQ(parts_written_, 0U);
  Add(Range(kPage, 40, 60));
  EXPECT_EQ(parts_written_, 1U);
  EXPECT_EQ(ReadAllSets(), Range(kPage, 1, 60));
  EXPECT_EQ(Sizes()[kPage], 59);
}

TEST_F(PageClientsTest, GoIntoAPartOfTheirOwnOnceAPartIsFull) {
  std::set<PageClient> all;
  for (int64_t first = 1; first < 20'000; first += 400) {
    const auto clients = Range(kPage, first, first + 400);
    Add(clients);
    all = Together(all, clients);
  }
  EXPECT_EQ(ReadAllSets(), all);
  EXPECT_EQ(Sizes()[kPage], 20'000);
  EXPECT_GT(Parts(), 20'000 / int64_t{kMostPartBytes});
}

TEST_F(PageClientsTest, GoIntoThePartsWhereTheyBelong) {
  const auto even = Range(kPage, 2, 10'000, 2);
  Add(even);
  const int64_t parts = Parts();
  ASSERT_GT(parts, 5);
  Add({{kPage, 1}});
  EXPECT_EQ(parts_written_, 1U) << "before all others";
  Add({{kPage, 5'001}});
  EXPECT_LE(parts_written_, 2U) << "in the middle";
  Add({{kPage, 100'001}});
  EXPECT_LE(parts_written_, 2U) << "after all others";
  Add(Range(kPage, 1, 10'000, 2));
  EXPECT_EQ(ReadAllSets(), Together(Range(kPage, 1, 10'000), {{kPage, 100'001}}));
  EXPECT_EQ(Sizes()[kPage], 10'000);
}

TEST_F(PageClientsTest, OfManyPagesAreAddedTogether) {
  std::set<PageClient> all;
  for (int64_t page = 1; page < 40; ++page) all = Together(all, Range(page, page, page * page + 1, page));
  Add(all);
  const auto more = Together(Range(3, 1, 2'000), Range(90, 1, 2'000));
  Add(more);
  EXPECT_EQ(ReadAllSets(), Together(all, more));
}

TEST_F(PageClientsTest, AreGoneTogether) {
  Add(Range(kPage, 1, 1'000));
  {
    WriteTransaction transaction(connection_, writer_);
    sets_.Empty();
    transaction.Commit();
  }
  EXPECT_EQ(ReadAllSets(), std::set<PageClient>());
  EXPECT_EQ(Sizes()[kPage], 0);
  Add({{kPage, 3}});
  EXPECT_EQ(ReadAllSets(), (std::set<PageClient>{{kPage, 3}}));
}

TEST_F(PageClientsTest, HaveRoomForTheLastPageAndClientAndNoMore) {
  constexpr int64_t kLastClient = (int64_t{1} << kClientBits) - 1;
  constexpr int64_t kLastPage = (int64_t{1} << (63 - kClientBits)) - 1;
  Add({{kPage, kLastClient}, {kLastPage, 1}});
  EXPECT_EQ(ReadAllSets(), (std::set<PageClient>{{kPage, kLastClient}, {kLastPage, 1}}));
  EXPECT_THROW(Add({{kLastPage + 1, 1}}), StoreError);
}

}  // namespace
}  // namespace page_count
