#include <sqlite3.h>

#include "tests/unit/store_fixture.h"
#include "worker/system/file_lock.h"

namespace page_count {
namespace {

class TryCommitTest : public StoreTest {
 protected:
  // The page's visits, or 0 if nothing was done.
  int64_t TryCommit() {
    const Visit* const batch[] = {&visit_};
    const auto receipts = store_.TryCommit(batch);
    return receipts ? receipts->at(0).page_visits : 0;
  }

  Visit visit_ = MakeVisit("http://a/");
  SqliteVisitStore store_ = OpenStore();
};

TEST_F(TryCommitTest, CommitsIfNobodyElseWrites) {
  EXPECT_EQ(TryCommit(), 0) << "the file is not open yet";
  Record(store_, {visit_});
  EXPECT_EQ(TryCommit(), 2);
  EXPECT_EQ(TryCommit(), 3);
}

TEST_F(TryCommitTest, DoesNothingIfAnotherWriterHasTheLock) {
  Record(store_, {visit_});
  const FileLock writer(database_ + ".lock");
  {
    const auto turn = writer.Lock();
    EXPECT_EQ(TryCommit(), 0);
  }
  EXPECT_EQ(TryCommit(), 2);
}

TEST_F(TryCommitTest, DoesNothingIfAToolWritesThatKnowsNoLock) {
  Record(store_, {visit_});
  sqlite3* tool = nullptr;
  ASSERT_EQ(sqlite3_open(database_.c_str(), &tool), SQLITE_OK);
  sqlite3_exec(tool, "begin immediate", nullptr, nullptr, nullptr);
  EXPECT_EQ(TryCommit(), 0);
  sqlite3_exec(tool, "rollback", nullptr, nullptr, nullptr);
  EXPECT_EQ(TryCommit(), 2);
  sqlite3_close(tool);
}

TEST_F(TryCommitTest, DoesNothingAfterTheFileWasTakenAway) {
  Record(store_, {visit_});
  std::filesystem::remove(database_);
  EXPECT_EQ(TryCommit(), 0);
  Record(store_, {visit_});
  EXPECT_EQ(TryCommit(), 2);
}

}  // namespace
}  // namespace page_count
