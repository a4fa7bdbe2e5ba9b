#include "worker/store/sqlite/engine/log_ownership.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "tests/unit/store_fixture.h"
#include "worker/store/sqlite/engine/file_alone.h"
#include "worker/store/sqlite/engine/file_kind.h"
#include "worker/store/sqlite/engine/schema.h"

namespace page_count {
namespace {

namespace fs = std::filesystem;

// A database is put in another one's place while the log of that one is left there, as by hand and with the service
// stopped.
class LogOwnershipTest : public StoreTest {
 protected:
  void RecordPages(const std::string& database, const std::string& name, int count) {
    SqliteVisitStore store({database, true, [this] { return now_; }});
    for (int i = 0; i < count; ++i) Record(store, {MakeVisit("http://a/" + name + std::to_string(i))});
  }
  // As a checkpoint of the service does.
  static void MoveLogOf(const std::string& database) {
    Connection connection(database);
    ASSERT_TRUE(MoveWholeLog(connection, Connection::CheckpointKind::kRestart));
  }
  void Put(const std::string& file) {
    fs::copy_file(file, database_, fs::copy_options::overwrite_existing);
    fs::remove(database_ + "-shm");
  }
  std::string BackupOf(const std::string& database) {
    std::string copy = folder_.File("backup.db");
    SqliteVisitStore({database, true, [this] { return now_; }}).Backup(copy);
    return copy;
  }
  size_t CountVisits() {
    auto store = OpenStore();
    return ReadAll(store).size();
  }
  void ExpectRefusal() {
    try {
      const size_t visits = CountVisits();
      FAIL() << "accepted, with " << visits << " visits";
    } catch (const StoreError& error) {
      const std::string said = error.what();
      EXPECT_NE(said.find(database_ + "-wal does not belong"), std::string::npos) << said;
      EXPECT_NE(said.find("page-count restore"), std::string::npos) << said;
    }
  }

  std::string other_ = folder_.File("other.db");
};

TEST_F(LogOwnershipTest, ALogThatIsCutOffWhileItIsReadIsSaidSoInASentence) {
  RecordPages(database_, "early", 10);
  Connection connection(database_);
  ASSERT_EQ(connection.ReadInt("select count(*) from visit"), 10);
  fs::resize_file(database_ + "-wal", 32);
  try {
    Connection(database_).ReadInt("select count(*) from visit");
    FAIL() << "read";
  } catch (const StoreError& error) {
    EXPECT_EQ(std::string(error.what()), "database " + database_ + ": the file, or its log " + database_ +
                                             "-wal, was moved, deleted or cut off while it was read");
  }
}

TEST_F(LogOwnershipTest, RefusesTheLogBesideABackup) {
  for (const int later : {1, 300}) {
    RecordPages(database_, "early", 10);
    const std::string backup = BackupOf(database_);
    RecordPages(database_, "late", later);
    Put(backup);
    ExpectRefusal();
    fs::remove(database_ + "-wal");
    EXPECT_EQ(CountVisits(), 10U) << "without the log";
    for (const auto& entry : fs::directory_iterator(folder_.File(""))) fs::remove(entry);
  }
}

// The log holds some pages of the old file, the backup has others in their places: read together, there is no schema.
TEST_F(LogOwnershipTest, RefusesTheLogThroughWhichABackupSeemsDamaged) {
  OpenStore().ProbeReading();
  // The schema takes several pages of the file, which a backup has in another place: after the visits.
  for (int view = 0; view < 30; ++view) {
    const std::string name = "extra" + std::to_string(view);
    Connection(database_).Execute(("create view " + name + " as select '" + std::string(300, 'x') + "'").c_str());
  }
  RecordPages(database_, "early", 300);
  MoveLogOf(database_);
  const std::string backup = BackupOf(database_);
  RecordPages(database_, "late", 300);
  Put(backup);
  ASSERT_THROW(Connection(database_).ReadInt("select count(*) from sqlite_schema"), ForeignFileError);
  const FoundFile found = LookAtFile(database_);
  EXPECT_EQ(found.kind, FileKind::kUnavailable) << found.sentence;
  EXPECT_NE(found.sentence.find(database_ + "-wal does not belong"), std::string::npos) << found.sentence;
  ExpectRefusal();
  fs::remove(database_ + "-wal");
  EXPECT_EQ(CountVisits(), 300U) << "without the log";
}

TEST_F(LogOwnershipTest, RefusesTheLogBesideABackupThatWasOpenedOnce) {
  RecordPages(database_, "early", 10);
  const std::string backup = BackupOf(database_);
  RecordPages(backup, "else", 5);
  MoveLogOf(backup);
  RecordPages(database_, "late", 30);
  Put(backup);
  ExpectRefusal();
}

TEST_F(LogOwnershipTest, RefusesTheLogBesideAPlainCopyFromBeforeItsStart) {
  RecordPages(database_, "early", 10);
  MoveLogOf(database_);
  const std::string copy = folder_.File("plain.db");
  fs::copy_file(database_, copy);
  RecordPages(database_, "middle", 10);
  MoveLogOf(database_);
  RecordPages(database_, "late", 10);
  Put(copy);
  ExpectRefusal();
}

TEST_F(LogOwnershipTest, RefusesTheLogBesideAFileThatNewerLogsWereMovedInto) {
  RecordPages(database_, "early", 10);
  const std::string log = folder_.File("log");
  fs::copy_file(database_ + "-wal", log);
  MoveLogOf(database_);
  RecordPages(database_, "middle", 10);
  MoveLogOf(database_);
  fs::copy_file(log, database_ + "-wal", fs::copy_options::overwrite_existing);
  fs::remove(database_ + "-shm");
  ExpectRefusal();
}

TEST_F(LogOwnershipTest, RefusesTheLogOfAnotherDatabase) {
  for (const bool is_young : {true, false}) {
    RecordPages(database_, "a", 10);
    MoveLogOf(database_);
    RecordPages(other_, "b", 20);
    if (!is_young) MoveLogOf(other_);
    fs::copy_file(other_ + "-wal", database_ + "-wal", fs::copy_options::overwrite_existing);
    fs::remove(database_ + "-shm");
    ExpectRefusal();
    for (const auto& entry : fs::directory_iterator(folder_.File(""))) fs::remove(entry);
  }
}

TEST_F(LogOwnershipTest, RefusesTheLogBesideAnotherProgramsDatabase) {
  RecordPages(database_, "a", 10);
  {
    Connection(other_).Execute("create table notes (text)");
  }
  Put(other_);
  ExpectRefusal();
}

TEST_F(LogOwnershipTest, BelievesTheLogThatIsTheFilesOwn) {
  RecordPages(database_, "a", 10);
  EXPECT_EQ(CountVisits(), 10U) << "of a file that has nothing yet";
  MoveLogOf(database_);
  EXPECT_EQ(CountVisits(), 10U);
  RecordPages(database_, "b", 10);
  EXPECT_EQ(CountVisits(), 20U);
  fs::remove(database_ + "-shm");
  EXPECT_EQ(CountVisits(), 20U) << "after a crash";
  {
    Connection(database_).Checkpoint(Connection::CheckpointKind::kPassive);
  }
  fs::remove(database_ + "-shm");
  EXPECT_EQ(CountVisits(), 20U) << "after a checkpoint by another program";
  RecordPages(database_, "c", 10);
  EXPECT_EQ(CountVisits(), 30U);
  fs::resize_file(database_ + "-wal", 0);
  fs::remove(database_ + "-shm");
  EXPECT_GE(CountVisits(), 20U) << "that is empty";
}

// A checkpoint leaves out the pages that were changed after a reader's snapshot, the one with the marks among them.
TEST_F(LogOwnershipTest, BelievesTheLogOfAYoungFileWhoseMarksAReaderKeepsOutOfIt) {
  RecordPages(database_, "early", 3);
  Connection reader(database_);
  const Transaction snapshot(reader, Transaction::Kind::kRead);
  reader.ReadInt("select count(*) from visit");
  Connection writer(database_);
  writer.Execute("update state set touches = touches + 1");
  writer.Checkpoint(Connection::CheckpointKind::kPassive);
  const FileAlone file = FileAlone::Read(database_);
  ASSERT_EQ(file.application_id, kApplicationId);
  ASSERT_FALSE(file.marks);
  EXPECT_EQ(CountVisits(), 3U);
}

TEST_F(LogOwnershipTest, BelievesTheLogOfAFileThatWasMovedWithIt) {
  RecordPages(database_, "a", 10);
  MoveLogOf(database_);
  RecordPages(database_, "b", 10);
  for (const char* ending : {"", "-wal"}) {
    fs::copy_file(database_ + ending, other_ + ending);
    fs::remove(database_ + ending);
  }
  SqliteVisitStore store({other_, true, [this] { return now_; }});
  EXPECT_EQ(ReadAll(store).size(), 20U);
}

// What another program has moved and started over has no mark of its own.
TEST_F(LogOwnershipTest, MarksALogThatHasNone) {
  RecordPages(database_, "a", 10);
  {
    Connection(database_).Execute("pragma wal_checkpoint(truncate)");
  }
  auto store = OpenStore();
  store.Maintain(StoreAdmin::Load::kQuiet);
  const auto marks = FileAlone::Read(database_).marks;
  ASSERT_TRUE(marks);
  EXPECT_EQ(Connection(database_).ReadInt("select mark from state"), marks->mark + 1);
  EXPECT_EQ(Connection(database_).ReadInt("select file_mark from state"), marks->mark);
}

// By the index of the log that another one has open, the log that is there now would be read: any mix of visits.
TEST_F(LogOwnershipTest, RefusesTheIndexOfALogThatIsNotThereAnyMore) {
  RecordPages(database_, "early", 10);
  Connection user(database_);
  ASSERT_EQ(user.ReadInt("select count(*) from visit"), 10);
  RecordPages(other_, "else", 20);
  fs::rename(other_ + "-wal", database_ + "-wal");
  Connection newcomer(database_);
  const std::string reason = "its log " + database_ + "-wal was put in the place of another one that is in use";
  try {
    RequireOwnIndex(newcomer);
    ADD_FAILURE() << "accepted";
  } catch (const StoreError& error) {
    EXPECT_NE(std::string(error.what()).find(reason), std::string::npos) << error.what();
  }
  try {
    ADD_FAILURE() << "accepted, with " << CountVisits() << " visits";
  } catch (const StoreError& error) {
    EXPECT_NE(std::string(error.what()).find(reason), std::string::npos) << error.what();
  }
}

TEST_F(LogOwnershipTest, BelievesTheIndexOfTheLogThatIsThere) {
  RecordPages(database_, "a", 10);
  Connection user(database_);
  EXPECT_NO_THROW(RequireOwnIndex(user)) << "which it has made itself";
  Connection second(database_);
  EXPECT_NO_THROW(RequireOwnIndex(second));
  MoveLogOf(database_);
  RecordPages(database_, "b", 10);
  EXPECT_NO_THROW(RequireOwnIndex(second)) << "after the log has started over";
  Connection third(database_);
  EXPECT_NO_THROW(RequireOwnIndex(third));
  EXPECT_EQ(third.ReadInt("select count(*) from visit"), 20);
}

TEST_F(LogOwnershipTest, AFileReplacedInPlaceIsNoticedByWhoHasItOpen) {
  RecordPages(database_, "early", 10);
  const std::string backup = BackupOf(database_);
  auto store = OpenStore();
  Record(store, {MakeVisit("http://a/late")});
  fs::copy_file(backup, database_, fs::copy_options::overwrite_existing);
  EXPECT_THROW(Record(store, {MakeVisit("http://a/later")}), StoreError);
  EXPECT_THROW(VisitsOf(store), StoreError);
  fs::remove(database_ + "-wal");
  EXPECT_EQ(ReadAll(store).size(), 10U);
}

}  // namespace
}  // namespace page_count
