#include "worker/store/sqlite/engine/checkpointer.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <filesystem>
#include <string>

#include "tests/unit/temporary_folder.h"
#include "worker/store/sqlite/engine/schema.h"
#include "worker/store/visit_store.h"

namespace page_count {
namespace {

constexpr int kRows = 5'000;  // of a page each
constexpr uintmax_t kReservedBytes = 32 << 20;

// SQLite's file system, but syncs of database files can be made to fail.
class FailingSyncs {
 public:
  FailingSyncs() {
    vfs_ = *real_;
    vfs_.zName = "failing_syncs";
    vfs_.xOpen = Open;
    sqlite3_vfs_register(&vfs_, 1);
  }
  ~FailingSyncs() {
    sqlite3_vfs_unregister(&vfs_);
    sqlite3_vfs_register(real_, 1);
    fail_ = false;
  }
  static void Fail(bool fail) { fail_ = fail; }

 private:
  static int Open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out_flags) {
    const int status = real_->xOpen(real_, name, file, flags, out_flags);
    if (status != SQLITE_OK || (flags & SQLITE_OPEN_MAIN_DB) == 0) return status;
    methods_ = *file->pMethods;
    real_sync_ = methods_.xSync;
    methods_.xSync = [](sqlite3_file* synced, int sync_flags) {
      return fail_ ? SQLITE_IOERR_FSYNC : real_sync_(synced, sync_flags);
    };
    file->pMethods = &methods_;
    return status;
  }

  inline static sqlite3_vfs* real_ = sqlite3_vfs_find(nullptr);
  inline static sqlite3_io_methods methods_{};
  inline static int (*real_sync_)(sqlite3_file*, int) = nullptr;
  inline static bool fail_ = false;
  sqlite3_vfs vfs_{};
};

class CheckpointerTest : public testing::Test {
 protected:
  struct Session {
    explicit Session(const std::string& path)
        : connection(path), writer(path + ".lock"), checkpointer(connection, writer) {
      CreateSchemaIfEmpty(connection);
      connection.Execute("create table if not exists filling (bytes blob)");
    }
    Connection connection;
    DatabaseLock writer;
    Checkpointer checkpointer;
  };

  static void Fill(Connection& connection) {
    connection.Execute(
        ("insert into filling with recursive n (i) as (select 1 union all select i + 1 from n where i < " +
         std::to_string(kRows) + ") select zeroblob(3000) from n")
            .c_str());
  }
  static int64_t CountRows(const std::string& path) { return Connection(path).ReadInt("select count(*) from filling"); }
  static int64_t CountSoundFiles(const std::string& path) {
    return Connection(path).ReadInt("select count(*) from pragma_integrity_check where integrity_check = 'ok'");
  }
  uintmax_t LogBytes() const { return std::filesystem::file_size(database_ + "-wal"); }
  // What is in the file itself, without its log.
  std::string CopyOfTheFile() {
    std::string copy = folder_.File("copy.db");
    std::filesystem::copy_file(database_, copy, std::filesystem::copy_options::overwrite_existing);
    return copy;
  }

  FailingSyncs syncs_;
  TemporaryFolder folder_;
  std::string database_ = folder_.File("visits.db");
};

TEST_F(CheckpointerTest, LeavesAShortLogAlone) {
  Session session(database_);
  const auto size = std::filesystem::file_size(database_);
  EXPECT_FALSE(session.checkpointer.IsDue());
  session.checkpointer.RunIfDue();
  EXPECT_EQ(std::filesystem::file_size(database_), size);
}

TEST_F(CheckpointerTest, MovesALongLogSoThatItStartsOver) {
  Session session(database_);
  Fill(session.connection);
  ASSERT_TRUE(session.checkpointer.IsDue());
  session.checkpointer.RunIfDue();
  EXPECT_FALSE(session.checkpointer.IsDue());
  EXPECT_EQ(CountRows(CopyOfTheFile()), kRows);
  session.connection.Execute("insert into filling values (null)");
  EXPECT_LT(session.connection.wal_frames(), 10);
}

TEST_F(CheckpointerTest, KeepsTheLogThatAReaderNeeds) {
  Session session(database_);
  Connection reader(database_);
  Transaction snapshot(reader, Transaction::Kind::kRead);
  ASSERT_EQ(reader.ReadInt("select count(*) from filling"), 0);
  Fill(session.connection);
  session.checkpointer.RunIfDue();
  EXPECT_EQ(reader.ReadInt("select count(*) from filling"), 0);
  session.connection.Execute("insert into filling values (null)");
  EXPECT_GT(session.connection.wal_frames(), kRows);
  EXPECT_EQ(CountRows(database_), kRows + 1);
}

TEST_F(CheckpointerTest, MovesEverythingAgainAfterASyncThatFailed) {
  {
    Session session(database_);
    Fill(session.connection);
    const std::string before = CopyOfTheFile();
    FailingSyncs::Fail(true);
    EXPECT_THROW(session.checkpointer.RunIfDue(), StoreError);
    FailingSyncs::Fail(false);
    // The kernel dropped what was written.
    std::filesystem::copy_file(before, database_, std::filesystem::copy_options::overwrite_existing);
    session.connection.Execute("insert into filling values (null)");
    ASSERT_TRUE(session.checkpointer.IsDue());
    session.checkpointer.RunIfDue();
    EXPECT_EQ(CountRows(CopyOfTheFile()), kRows + 1);
  }
  EXPECT_EQ(CountSoundFiles(database_), 1);
}

TEST_F(CheckpointerTest, ReservesTheLogOnce) {
  Session session(database_);
  session.checkpointer.ReserveLog();
  const auto reserved = LogBytes();
  EXPECT_GE(reserved, kReservedBytes);
  EXPECT_LT(reserved, kReservedBytes + kReservedBytes / 100);
  session.checkpointer.ReserveLog();
  EXPECT_EQ(LogBytes(), reserved);
  Fill(session.connection);
  EXPECT_EQ(LogBytes(), reserved) << "what is committed is written over the zeros";
  EXPECT_FALSE(session.connection.LengthenWal(1));
  EXPECT_EQ(LogBytes(), reserved);
}

TEST_F(CheckpointerTest, KeepsWhatWasCommittedBeforeAndAfterTheLogWasReserved) {
  Session session(database_);
  session.connection.Execute("insert into filling values (null)");
  session.checkpointer.ReserveLog();
  EXPECT_EQ(session.connection.ReadInt("select count(*) from filling"), 1);
  EXPECT_EQ(CountRows(database_), 1);
  Fill(session.connection);
  EXPECT_EQ(session.connection.ReadInt("select count(*) from filling"), kRows + 1);
  EXPECT_EQ(CountRows(database_), kRows + 1);
  session.checkpointer.RunIfDue();
  session.connection.Execute("insert into filling values (null)");
  EXPECT_EQ(CountRows(database_), kRows + 2);
  EXPECT_GE(LogBytes(), kReservedBytes);
}

// The log is all that there is of most rows, and its index has gone: whoever opens the file reads the log to its end.
TEST_F(CheckpointerTest, KeepsWhatAReservedLogHoldsOverACrash) {
  for (int64_t rows = 2; rows <= 6; rows += 2) {
    {
      Session session(database_);
      session.connection.Execute("insert into filling values (null)");
      session.checkpointer.ReserveLog();
      session.connection.Execute("insert into filling values (null)");
    }
    std::filesystem::remove(database_ + "-shm");
    EXPECT_GE(LogBytes(), kReservedBytes);
    EXPECT_EQ(CountRows(database_), rows);
    EXPECT_EQ(CountSoundFiles(database_), 1);
  }
  EXPECT_THROW(CountRows(CopyOfTheFile()), StoreError) << "the log was moved, which this test must not see";
}

TEST_F(CheckpointerTest, KeepsWhatAnEmptyLogHoldsOnceItIsReserved) {
  {
    Session session(database_);
    session.connection.Execute("pragma wal_checkpoint(truncate)");
    ASSERT_EQ(LogBytes(), 0U);
    session.checkpointer.ReserveLog();
    EXPECT_EQ(LogBytes(), kReservedBytes);
  }
  EXPECT_EQ(CountRows(database_), 0);
  Session session(database_);
  session.connection.Execute("insert into filling values (null)");
  EXPECT_EQ(CountRows(database_), 1);
}

}  // namespace
}  // namespace page_count
