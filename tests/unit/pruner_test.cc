#include "worker/store/sqlite/columns/pruner.h"

#include <functional>

#include "tests/unit/store_fixture.h"
#include "worker/store/sqlite/columns/sealer.h"
#include "worker/store/sqlite/tools/integrity.h"

namespace page_count {
namespace {

using std::chrono::minutes;

class PrunerTest : public StoreTest {
 protected:
  static constexpr int kBlockVisits = 10;

  PrunerTest() { sealing_ = {.block_visits = kBlockVisits, .worth_sealing = 1}; }

  // Visits a minute after each other, each of a page, from an address, of an agent and a source of its own.
  void RecordVisits(int first, int before) {
    auto store = OpenStore();
    for (int i = first; i < before; ++i) {
      now_ = TimeOfVisit(i);
      Record(store, {VisitNumber(i)});
    }
  }
  static Visit VisitNumber(int i) {
    const std::string number = std::to_string(i);
    Visit visit = MakeVisit("http://a/" + number, "192.0.2." + number, "agent " + number);
    visit.source = "https://source" + number + ".example/";
    return visit;
  }
  UtcTime TimeOfVisit(int i) const { return start_ + minutes(i); }
  VisitId FirstIdOf(int i) const { return FirstIdAt(TimeOfVisit(i)); }

  template <typename Work>
  auto WithPruner(Work work, std::function<void()> between = [] {}) {
    Connection connection(database_);
    const DatabaseLock writer(database_ + ".lock");
    ClientCounter counter(connection, writer, [] {});
    Pruner pruner(connection, writer, counter, std::move(between));
    return work(pruner);
  }
  int64_t DeleteSealed(VisitId from, VisitId before, std::function<void()> between = [] {}) {
    return WithPruner([&](Pruner& pruner) { return pruner.DeleteSealed(from, before); }, std::move(between));
  }
  int64_t DeleteTail(VisitId from) {
    return WithPruner([&](Pruner& pruner) { return pruner.DeleteTail(from); });
  }
  void DeleteTexts(std::function<void()> between = [] {}) {
    WithPruner([](Pruner& pruner) { pruner.DeleteTexts(); }, std::move(between));
  }
  void SealAll() {
    Connection connection(database_);
    const DatabaseLock writer(database_ + ".lock");
    Sealer(connection, writer, sealing_, [] {}).SealAll();
  }
  void SealAndCountAll() {
    auto store = OpenStore();
    while (store.Maintain(StoreAdmin::Load::kQuiet)) {
    }
  }
  int64_t ReadInt(const char* sql) { return Connection(database_).ReadInt(sql); }
  LogState State() {
    Connection connection(database_);
    return LogStateTable(connection).Read();
  }
  void ExpectWhole() {
    Connection connection(database_);
    EXPECT_EQ(CheckIntegrity(connection), std::vector<std::string>());
  }
  // By their numbers, oldest first.
  std::vector<int> VisitsLeft() {
    auto store = OpenStore();
    std::vector<int> left;
    for (const LoggedVisit& visit : ReadAll(store)) left.insert(left.begin(), std::stoi(visit.url.substr(9)));
    return left;
  }
  static std::vector<int> Numbers(int first, int before) {
    std::vector<int> numbers;
    for (int i = first; i < before; ++i) numbers.push_back(i);
    return numbers;
  }

  const UtcTime start_ = now_;
};

TEST_F(PrunerTest, DeletesABlockATimeAndLeavesTheFileWhole) {
  RecordVisits(0, 35);
  SealAndCountAll();
  const int64_t generation = State().generation;
  int transactions = 0;
  EXPECT_EQ(DeleteSealed(kNoVisit, FirstIdOf(20),
                         [&] {
                           ++transactions;
                           ExpectWhole();
                           EXPECT_EQ(State().generation, generation + transactions);
                           EXPECT_EQ(VisitsLeft(), Numbers(transactions * kBlockVisits, 35));
                         }),
            20);
  EXPECT_EQ(transactions, 2);
  EXPECT_EQ(ReadInt("select count(*) from block"), 2);
  EXPECT_EQ(State().clients.clients_target, kNoVisit) << "who visited which page is counted again";
}

TEST_F(PrunerTest, WritesABlockAgainThatIsPartlyInTheRange) {
  RecordVisits(0, 30);
  SealAndCountAll();
  EXPECT_EQ(DeleteSealed(FirstIdOf(8), FirstIdOf(23)), 15);
  auto left = Numbers(0, 8);
  for (const int number : Numbers(23, 30)) left.push_back(number);
  EXPECT_EQ(VisitsLeft(), left);
  EXPECT_EQ(ReadInt("select count(*) from block"), 2);
  ExpectWhole();
  EXPECT_EQ(DeleteSealed(FirstIdOf(3), FirstIdOf(4)), 1) << "from the middle of a block";
  left.erase(left.begin() + 3);
  EXPECT_EQ(VisitsLeft(), left);
  ExpectWhole();
}

TEST_F(PrunerTest, DeletesFromTheFirstIdOnAndBeforeTheLast) {
  RecordVisits(0, 10);
  SealAndCountAll();
  EXPECT_EQ(DeleteSealed(FirstIdOf(4), FirstIdOf(6)), 2);
  EXPECT_EQ(VisitsLeft(), (std::vector{0, 1, 2, 3, 6, 7, 8, 9}));
}

TEST_F(PrunerTest, WritesNothingIfNoVisitIsInTheRange) {
  RecordVisits(0, 20);
  SealAndCountAll();
  const auto fail = [] { ADD_FAILURE() << "it wrote"; };
  EXPECT_EQ(DeleteSealed(FirstIdOf(5) + 1, FirstIdOf(6), fail), 0) << "between two visits of a block";
  EXPECT_EQ(DeleteSealed(FirstIdOf(20), kAfterAllVisits, fail), 0);
  EXPECT_EQ(DeleteSealed(kNoVisit, FirstIdOf(0), fail), 0);
}

TEST_F(PrunerTest, LeavesTheTailToDeleteTail) {
  RecordVisits(0, 20);
  SealAndCountAll();
  RecordVisits(20, 24);
  EXPECT_EQ(DeleteSealed(FirstIdOf(15), kAfterAllVisits), 5);
  EXPECT_EQ(ReadInt("select count(*) from visit"), 4);
  EXPECT_EQ(DeleteTail(FirstIdOf(15)), 4);
  EXPECT_EQ(VisitsLeft(), Numbers(0, 15));
  EXPECT_LT(State().sealed_watermark, FirstIdOf(15)) << "new visits are not kept back by ids of visits that are gone";
  ExpectWhole();
  RecordVisits(15, 17);
  EXPECT_EQ(VisitsLeft(), Numbers(0, 17));
  ExpectWhole();
}

TEST_F(PrunerTest, OfTheTailKeepsWhatCameBefore) {
  RecordVisits(0, 10);
  SealAndCountAll();
  RecordVisits(10, 15);
  const VisitId sealed = State().sealed_watermark;
  EXPECT_EQ(DeleteTail(FirstIdOf(13)), 2);
  EXPECT_EQ(VisitsLeft(), Numbers(0, 13));
  EXPECT_EQ(State().sealed_watermark, sealed);
  EXPECT_EQ(DeleteTail(FirstIdOf(13)), 0);
  ExpectWhole();
}

TEST_F(PrunerTest, DeletesAllVisitsAndAllTexts) {
  RecordVisits(0, 25);
  SealAndCountAll();
  const TextIds last_ids = State().last_ids;
  EXPECT_EQ(DeleteSealed(kNoVisit, kAfterAllVisits), 25);
  EXPECT_EQ(DeleteTail(kNoVisit), 0);
  DeleteTexts();
  for (const char* count : {"select count(*) from page", "select count(*) from client", "select count(*) from agent",
                            "select count(*) from source", "select count(*) from page_total where page_id > 0",
                            "select count(*) from block_column", "select sealed_watermark from state"}) {
    EXPECT_EQ(ReadInt(count), 0) << count;
  }
  EXPECT_EQ(State().last_ids, last_ids) << "an id is never used again";
  ExpectWhole();
}

TEST_F(PrunerTest, KeepsTheTextsOfVisitsInBlocksAndInTheTail) {
  RecordVisits(0, 20);
  SealAndCountAll();
  RecordVisits(5, 6);  // the texts of a visit that is going to be deleted
  DeleteSealed(kNoVisit, FirstIdOf(15));
  DeleteTexts();
  EXPECT_EQ(VisitsLeft(), (std::vector{15, 16, 17, 18, 19, 5}));
  for (const char* table : {"page", "agent", "source"}) {
    EXPECT_EQ(ReadInt((std::string("select count(*) from ") + table).c_str()), 6) << table;
  }
  EXPECT_EQ(ReadInt("select count(*) from client"), 5) << "the tail's visits have their addresses themselves";
  ExpectWhole();
  SealAll();
  ExpectWhole();
}

TEST_F(PrunerTest, KeepsATextThatIsRecordedAgainMeanwhile) {
  RecordVisits(0, 20);
  SealAndCountAll();
  DeleteSealed(kNoVisit, FirstIdOf(15));
  auto store = OpenStore();
  int recorded = 0;
  DeleteTexts([&] {
    now_ += minutes(1);
    if (recorded < 5) Record(store, {VisitNumber(recorded++)});
    ExpectWhole();
  });
  EXPECT_EQ(recorded, 5);
  EXPECT_EQ(VisitsLeft(), (std::vector{15, 16, 17, 18, 19, 0, 1, 2, 3, 4}));
  ExpectWhole();
}

}  // namespace
}  // namespace page_count
