#include "worker/store/sqlite/rollup/page_clients.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <random>
#include <set>
#include <vector>

#include "tests/unit/store_fixture.h"
#include "worker/store/sqlite/engine/schema.h"
#include "worker/store/sqlite/log/log_state.h"

namespace page_count {
namespace {

constexpr int kFromBits = 33;                                           // of a part's id: the rest is its page
constexpr std::array<int64_t, 4> kVisitedPages = {kSitePage, 1, 2, 4};  // the first by the most
constexpr std::array<int64_t, 3> kOtherPages = {3, 5, 6};
constexpr int64_t kClients = 5'000;  // of the site: some parts' worth

class PageClientsTest : public StoreTest {
 protected:
  using Clients = std::map<int64_t, std::map<int64_t, int64_t>>;  // by page: visits by client

  PageClientsTest() : connection_(database_) { CreateSchemaIfEmpty(connection_); }

  ClientVisits DrawClient(int64_t visits) {
    const size_t rank = random_() % kVisitedPages.size();
    const auto clients = static_cast<size_t>(kClients) / (rank + 1) / (rank + 1);
    return {
        .page_id = kVisitedPages[rank], .client_id = 1 + static_cast<int64_t>(random_() % clients), .visits = visits};
  }

  static std::vector<ClientVisits> Sorted(std::vector<ClientVisits> rows) {
    const auto key = [](const ClientVisits& row) { return std::pair(row.page_id, row.client_id); };
    std::sort(rows.begin(), rows.end(), [&](const auto& left, const auto& right) { return key(left) < key(right); });
    rows.erase(std::unique(rows.begin(), rows.end(),
                           [&](const auto& left, const auto& right) { return key(left) == key(right); }),
               rows.end());
    return rows;
  }

  void Write(const std::vector<ClientVisits>& changes) {
    Transaction transaction(connection_, Transaction::Kind::kWrite);
    PageClients::Plan plan;
    page_clients_.MakePlan(changes, plan);
    page_clients_.Write(plan);
    transaction.Commit();
    for (const ClientVisits& row : changes) {
      if ((clients_[row.page_id][row.client_id] += row.visits) == 0) clients_[row.page_id].erase(row.client_id);
    }
  }

  void Fill() {
    for (int round = 0; round < 20; ++round) {
      std::vector<ClientVisits> changes;
      for (int i = 0; i < 500; ++i) changes.push_back(DrawClient(1 + i % 3));
      Write(Sorted(changes));
    }
  }

  // Each client comes once, with the part that has it, and each part once.
  void ExpectAllFound(const std::vector<ClientVisits>& pending) {
    Transaction snapshot(connection_, Transaction::Kind::kRead);
    std::vector<ClientVisits> given;
    std::set<std::pair<int64_t, int64_t>> parts;
    page_clients_.ForEachPart(pending, [&](ClientVisitsSpan of_part, const PageClients::Part& part) {
      EXPECT_TRUE(parts.insert({part.page, part.from}).second);
      for (const ClientVisits& row : of_part) {
        EXPECT_EQ(row.page_id, part.page);
        EXPECT_GE(row.client_id, part.from);
        EXPECT_EQ(part.clients.Has(row.client_id), clients_[row.page_id].contains(row.client_id))
            << row.page_id << ' ' << row.client_id;
        given.push_back(row);
      }
    });
    ASSERT_EQ(given.size(), pending.size());
    for (size_t i = 0; i < given.size(); ++i)
      EXPECT_EQ(std::pair(given[i].page_id, given[i].client_id), std::pair(pending[i].page_id, pending[i].client_id));
  }

  Connection connection_;
  PageClients page_clients_{connection_};
  std::mt19937 random_{42};
  Clients clients_;
};

TEST_F(PageClientsTest, GivesClientsWithTheirPartsWhereverTheyLie) {
  Fill();
  ASSERT_GT(connection_.ReadInt("select count(*) from page_clients"), 20);
  for (const int count : {1, 2, 3, 10, 100, 3'000}) {
    std::vector<ClientVisits> pending;
    for (int i = 0; i < count; ++i) pending.push_back(DrawClient(0));
    for (const int64_t page : kOtherPages) pending.push_back({.page_id = page, .client_id = 7});
    ExpectAllFound(Sorted(pending));
  }
}

// As after a cleanup: what comes before a page's first part belongs to a part that is not there yet.
TEST_F(PageClientsTest, FindsNoneWhereAPagesListBeginsLater) {
  Fill();
  std::vector<ClientVisits> gone;
  for (const auto& [client, visits] : clients_[kSitePage]) {
    if (client < kClients / 2) gone.push_back({.page_id = kSitePage, .client_id = client, .visits = -visits});
  }
  Write(gone);
  ASSERT_GT(connection_.ReadInt("select min(id) from page_clients"), 0);
  std::vector<ClientVisits> pending;
  for (int64_t client = 1; client < kClients; client += 3)
    pending.push_back({.page_id = kSitePage, .client_id = client});
  ExpectAllFound(pending);
  Write({{.page_id = kSitePage, .client_id = 2, .visits = 1},
         {.page_id = kSitePage, .client_id = 3, .visits = 1},
         {.page_id = kSitePage, .client_id = kClients, .visits = 1}});
  ExpectAllFound(pending);
}

TEST_F(PageClientsTest, LooksEachPartUpOnce) {
  Fill();
  std::vector<ClientVisits> all;
  for (int64_t client = 1; client < kClients; ++client) all.push_back({.page_id = kSitePage, .client_id = client});
  Statement find(connection_, "page_clients_find_all(rows(row, page_id, client_id)) -> row, id, clients, next_id");
  size_t next = 0;
  Rows found = find.Run(ArrayRows(all, &next));
  int64_t given = 0;
  for (; found.Next(); ++given) {
    while (next < all.size() && (all[next].page_id << kFromBits | all[next].client_id) < found.Int(3)) ++next;
  }
  EXPECT_EQ(given, connection_.ReadInt("select count(*) from page_clients where id < 1 << 33"));
}

}  // namespace
}  // namespace page_count
