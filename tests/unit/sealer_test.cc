#include "worker/store/sqlite/columns/sealer.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "tests/unit/store_fixture.h"

namespace page_count {
namespace {

class SealerTest : public StoreTest {
 protected:
  void RecordSome(SqliteVisitStore& store, int visits) {
    std::vector<Visit> some;
    for (int i = 0; i < visits; ++i) some.push_back(MakeVisit("http://a/", "192.0.2." + std::to_string(i % 200)));
    Record(store, some);
  }
  static void MaintainAll(SqliteVisitStore& store, StoreAdmin::Load load) {
    while (store.Maintain(load)) {
    }
  }
  // The visits of each block, in the order of time.
  std::vector<int64_t> Blocks() {
    Connection connection(database_);
    std::vector<int64_t> visits;
    for (const Block& block : BlockTable(connection).Find(kNoVisit, kAfterAllVisits)) visits.push_back(block.visits);
    return visits;
  }
  int64_t RowsOfTail() { return Connection(database_).ReadInt("select count(*) from visit"); }

  using Sizes = std::vector<int64_t>;
};

TEST_F(SealerTest, SealsWholeBlocksOnlyUnderLoad) {
  sealing_ = {.block_visits = 100, .worth_sealing = 10};
  auto store = OpenStore();
  RecordSome(store, 99);
  MaintainAll(store, StoreAdmin::Load::kBusy);
  EXPECT_EQ(Blocks(), Sizes());
  RecordSome(store, 120);
  MaintainAll(store, StoreAdmin::Load::kBusy);
  EXPECT_EQ(Blocks(), Sizes({100, 100}));
  EXPECT_EQ(RowsOfTail(), 19) << "rows of sealed visits are deleted";
  EXPECT_EQ(VisitsOf(store), 219);
  EXPECT_EQ(VisitorsOf(store), 120);
}

TEST_F(SealerTest, AddsToTheLastBlockOnceRecordingPausesIfThatHasRoom) {
  sealing_ = {.block_visits = 100, .worth_sealing = 10};
  auto store = OpenStore();
  for (const auto& [recorded, blocks] : std::vector<std::pair<int, Sizes>>{
           {9, {}}, {1, {10}}, {30, {40}}, {60, {100}}, {50, {100, 50}}, {60, {100, 50, 60}}, {9, {100, 50, 60}}}) {
    RecordSome(store, recorded);
    MaintainAll(store, StoreAdmin::Load::kQuiet);
    EXPECT_EQ(Blocks(), blocks);
    EXPECT_EQ(store.Check(), std::vector<std::string>());
  }
  EXPECT_EQ(ReadAll(store).size(), 219U);
}

TEST_F(SealerTest, GoesOnFromWhereverItWasStopped) {
  struct Stopped : std::runtime_error {
    using std::runtime_error::runtime_error;
  };
  sealing_ = {.block_visits = 3'000, .worth_sealing = 1'000'000};
  auto store = OpenStore();
  for (int i = 0; i < 4; ++i) RecordSome(store, 1'600);
  const size_t visits = ReadAll(store).size();
  bool is_over = false;
  for (int step = 1; !is_over && !HasFailure(); ++step) {
    Connection connection(database_);
    const DatabaseLock writer(database_ + ".lock");
    try {
      Sealer(connection, writer, sealing_, [] { throw Stopped("after a transaction"); }).SealAll();
      is_over = true;
    } catch (const Stopped&) {
    }
    EXPECT_EQ(ReadAll(store).size(), visits) << step;
    EXPECT_EQ(VisitsOf(store), static_cast<int64_t>(visits)) << step;
    EXPECT_EQ(VisitorsOf(store), 200) << step;
    EXPECT_EQ(store.Check(), std::vector<std::string>()) << step;
    ASSERT_LT(step, 100);
  }
  EXPECT_EQ(Blocks(), Sizes({3'000, 3'000, 400}));
}

TEST_F(SealerTest, GivesAClientTheSameIdInEveryBlock) {
  sealing_ = {.block_visits = 50, .worth_sealing = 1};
  auto store = OpenStore();
  for (int i = 0; i < 5; ++i) RecordSome(store, 70);
  MaintainAll(store, StoreAdmin::Load::kQuiet);
  EXPECT_EQ(Connection(database_).ReadInt("select max(id) from client"), 70);
  EXPECT_EQ(VisitorsOf(store), 70);
}

}  // namespace
}  // namespace page_count
