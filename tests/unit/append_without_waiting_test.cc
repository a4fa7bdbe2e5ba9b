#include <sqlite3.h>

#include "tests/unit/store_fixture.h"
#include "worker/system/file_lock.h"

namespace page_count {
namespace {

class AppendWithoutWaitingTest : public StoreTest {
 protected:
  // The page's visits, or 0 where it did nothing.
  int64_t Append() {
    const Visit* const batch[] = {&visit_};
    bool collected = false;
    const auto receipts = store_.Append(
        [&]() -> std::span<const Visit* const> {
          collected = true;
          return batch;
        },
        VisitStore::Wait::kNo);
    EXPECT_EQ(collected, receipts.has_value());
    return receipts ? receipts->at(0).page_visits : 0;
  }

  Visit visit_ = MakeVisit("http://a/");
  SqliteVisitStore store_ = OpenStore();
};

TEST_F(AppendWithoutWaitingTest, AppendsWhereNobodyElseWrites) {
  EXPECT_EQ(Append(), 0) << "the file is not open yet";
  Record(store_, {visit_});
  EXPECT_EQ(Append(), 2);
  EXPECT_EQ(Append(), 3);
}

TEST_F(AppendWithoutWaitingTest, DoesNothingWhereAnotherWriterHasTheTurn) {
  Record(store_, {visit_});
  const FileLock writer(database_ + ".lock");
  {
    const auto turn = writer.Lock();
    EXPECT_EQ(Append(), 0);
  }
  EXPECT_EQ(Append(), 2);
}

TEST_F(AppendWithoutWaitingTest, DoesNothingWhereAToolWritesThatKnowsNoTurns) {
  Record(store_, {visit_});
  sqlite3* tool = nullptr;
  ASSERT_EQ(sqlite3_open(database_.c_str(), &tool), SQLITE_OK);
  sqlite3_exec(tool, "begin immediate", nullptr, nullptr, nullptr);
  EXPECT_EQ(Append(), 0);
  sqlite3_exec(tool, "rollback", nullptr, nullptr, nullptr);
  EXPECT_EQ(Append(), 2);
  sqlite3_close(tool);
}

TEST_F(AppendWithoutWaitingTest, DoesNothingAfterTheFileWasTakenAway) {
  Record(store_, {visit_});
  std::filesystem::remove(database_);
  EXPECT_EQ(Append(), 0);
  Record(store_, {visit_});
  EXPECT_EQ(Append(), 2);
}

}  // namespace
}  // namespace page_count
