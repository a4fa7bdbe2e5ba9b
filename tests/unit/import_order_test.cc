// Imports in no order, beside the same visits sorted: what has to be sorted for them, and what is left of it.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "tests/unit/store_fixture.h"
#include "worker/store/sqlite/tools/row_sorter.h"

namespace page_count {
namespace {

using Ids = std::vector<VisitId>;

int64_t AgentOf(const VisitRow& row) { return row.texts[IndexOf(Dimension::kAgent)]; }

Ids TakeAll(RowSorter& sorter, size_t most) {
  Ids agents;
  for (auto rows = sorter.Take(most); !rows.empty(); rows = sorter.Take(most)) {
    for (const VisitRow& row : rows) agents.push_back(AgentOf(row));
  }
  return agents;
}

TEST(RowSorterTest, SortsWhatDoesNotFitIntoMemory) {
  const TemporaryFolder folder;
  std::mt19937 random(11);
  for (const size_t rows : {0, 1, 7, 8, 9, 64, 1'000, 5'000}) {
    for (const VisitId times : {1, 5, 100'000}) {
      std::vector<VisitRow> all;
      RowSorter sorter(folder.File(""), 8);
      while (all.size() < rows) {
        std::vector<VisitRow> some(std::min<size_t>(1 + random() % 20, rows - all.size()));
        for (VisitRow& row : some) {
          row = {static_cast<VisitId>(random()) % times, {1, 2, static_cast<int64_t>(all.size()), 0}};
          all.push_back(row);
        }
        sorter.Add(some);
      }
      EXPECT_EQ(sorter.is_empty(), rows == 0);
      EXPECT_TRUE(std::filesystem::is_empty(folder.File("")));
      std::stable_sort(all.begin(), all.end(),
                       [](const VisitRow& left, const VisitRow& right) { return left.id < right.id; });
      Ids expected;
      for (const VisitRow& row : all) expected.push_back(AgentOf(row));
      EXPECT_EQ(TakeAll(sorter, 1 + random() % 50), expected) << rows << " rows, " << times << " times";
    }
  }
}

TEST(RowSorterTest, GivesThoseOfOneTimeTogetherWhereTheyFit) {
  const TemporaryFolder folder;
  RowSorter sorter(folder.File(""), 4);
  std::vector<VisitRow> rows;
  for (const VisitId id : {2, 1, 2, 3, 3, 3}) rows.push_back({id, {1, 1, 1, 1}});
  sorter.Add(rows);
  std::vector<size_t> sizes;
  for (auto some = sorter.Take(2); !some.empty(); some = sorter.Take(2)) sizes.push_back(some.size());
  EXPECT_EQ(sizes, (std::vector<size_t>{1, 2, 2, 1}));
}

TEST(RowSorterTest, SaysWhereItCannotPutAnythingAside) {
  RowSorter sorter("/nowhere", 1);
  const std::vector<VisitRow> rows(1);
  EXPECT_THROW(sorter.Add(rows), StoreError);
}

class ImportOrderTest : public StoreTest {
 protected:
  // In pieces, as a file is read. What is beside the database meanwhile is noted.
  void ImportInPieces(StoreAdmin& store, const std::vector<LoggedVisit>& visits, VisitOrder order) {
    size_t next = 0;
    store.Import([&] {
      VisitList list{{}, order};
      while (next < visits.size() && list.visits.size() < kPiece) list.visits.push_back(visits[next++]);
      for (const auto& file : std::filesystem::directory_iterator(folder_.File(""))) {
        files_.insert(file.path().filename().string());
      }
      return BatchOf(list);
    });
  }
  static std::vector<std::string> Describe(const std::vector<LoggedVisit>& visits) {
    std::vector<std::string> lines;
    for (const LoggedVisit& visit : visits) {
      lines.push_back(FormatIso(visit.at) + ' ' + visit.url + ' ' + visit.ip + ' ' + visit.user_agent + ' ' +
                      visit.source);
    }
    return lines;
  }

  static constexpr size_t kPiece = 200;
  std::set<std::string> files_;
};

TEST_F(ImportOrderTest, AFileInNoOrderIsAsOneInOrder) {
  std::mt19937 random(5);
  std::vector<LoggedVisit> shuffled;
  for (size_t i = 0; i < 20'000; ++i) {  // some of one second
    shuffled.push_back({"http://h/" + std::to_string(random() % 50), "192.0.2." + std::to_string(random() % 200),
                        "agent " + std::to_string(i % 7), At("2025-09-14") + std::chrono::seconds(random() % 9'000),
                        i % 3 == 0 ? "" : "http://from/" + std::to_string(i % 5)});
  }
  for (const VisitOrder order : {VisitOrder::kOldestFirst, VisitOrder::kNewestFirst}) {
    std::vector<LoggedVisit> sorted = shuffled;
    std::stable_sort(sorted.begin(), sorted.end(), [order](const LoggedVisit& left, const LoggedVisit& right) {
      return order == VisitOrder::kOldestFirst ? left.at < right.at : right.at < left.at;
    });
    database_ = folder_.File(order == VisitOrder::kOldestFirst ? "oldest-first" : "newest-first");
    auto store = OpenStore();
    ImportInPieces(store, shuffled, order);
    if (order == VisitOrder::kOldestFirst) std::reverse(sorted.begin(), sorted.end());
    EXPECT_EQ(Describe(ReadAll(store)), Describe(sorted));
    EXPECT_EQ(VisitsOf(store), 20'000);
    EXPECT_EQ(VisitorsOf(store), 200);
    EXPECT_EQ(store.Check(), std::vector<std::string>());
  }
  for (const std::string& file : files_) {
    EXPECT_TRUE(file.starts_with("oldest-first") || file.starts_with("newest-first")) << file;
  }
}

}  // namespace
}  // namespace page_count
