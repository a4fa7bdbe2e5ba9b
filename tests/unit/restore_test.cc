#include "worker/store/sqlite/tools/restore.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "tests/unit/store_fixture.h"

namespace page_count {
namespace {

namespace fs = std::filesystem;

class RestoreTest : public StoreTest {
 protected:
  void RecordPages(const std::string& name, int count) {
    auto store = OpenStore();
    for (int i = 0; i < count; ++i) Record(store, {MakeVisit("http://a/" + name + std::to_string(i))});
  }
  std::string MakeBackup() {
    std::string copy = folder_.File("backup.db");
    OpenStore().Backup(copy);
    return copy;
  }
  size_t CountVisits() {
    auto store = OpenStore();
    return ReadAll(store).size();
  }

  std::string other_ = folder_.File("other.db");
};

TEST_F(RestoreTest, PutsABackupBackAndKeepsWhatWasThere) {
  RecordPages("early", 10);
  const std::string backup = MakeBackup();
  RecordPages("late", 30);
  const Restored restored = RestoreDatabase(backup, database_);
  EXPECT_EQ(restored.visits, 10);
  EXPECT_EQ(CountVisits(), 10U);
  SqliteVisitStore kept({restored.kept_as, true, [this] { return now_; }});
  EXPECT_EQ(ReadAll(kept).size(), 40U);
  EXPECT_EQ(RestoreDatabase(backup, database_).visits, 10) << "again";
  EXPECT_EQ(ReadAll(kept).size(), 40U);
}

TEST_F(RestoreTest, TakesACopyWithItsLog) {
  RecordPages("early", 10);
  for (const char* ending : {"", "-wal"}) fs::copy_file(database_ + ending, other_ + ending);
  RecordPages("late", 30);
  EXPECT_EQ(RestoreDatabase(other_, database_).visits, 10);
  EXPECT_EQ(CountVisits(), 10U);
}

TEST_F(RestoreTest, RefusesWhatIsNoWholeBackup) {
  RecordPages("a", 10);
  const auto expect_refusal = [this](const std::string& file, const std::string& reason) {
    try {
      RestoreDatabase(file, database_);
      FAIL() << file << " was restored";
    } catch (const StoreError& error) {
      EXPECT_NE(std::string(error.what()).find(reason), std::string::npos) << error.what();
    }
    EXPECT_EQ(CountVisits(), 10U);
    EXPECT_FALSE(fs::exists(database_ + ".restoring"));
  };
  expect_refusal(folder_.File("missing.db"), "does not exist");
  expect_refusal(database_, "the database itself");
  {
    Connection(other_).Execute("create table notes (text)");
  }
  expect_refusal(other_, "another program's SQLite database");
  const std::string lone = folder_.File("lone.db");
  fs::copy_file(database_, lone);
  expect_refusal(lone, "young database without its write-ahead log");
  const std::string damaged = MakeBackup();
  {
    Connection(damaged).Execute("delete from page");
  }
  expect_refusal(damaged, "is damaged");
  fs::resize_file(damaged, fs::file_size(damaged) / 2);
  expect_refusal(damaged, "is damaged");
  fs::resize_file(damaged, 50);
  expect_refusal(damaged, "cut off");
}

TEST_F(RestoreTest, RefusesWhereTheDatabaseIsInUse) {
  RecordPages("a", 10);
  const std::string backup = MakeBackup();
  auto store = OpenStore();
  store.ProbeWriting(4096);
  EXPECT_THROW(RestoreDatabase(backup, database_), StoreError);
}

}  // namespace
}  // namespace page_count
