// A connection notices at once that one of its files was taken away, also where it looks at nothing but their folder.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <string>

#include "tests/unit/store_fixture.h"

namespace page_count {
namespace {

namespace fs = std::filesystem;

class FilesInPlaceTest : public StoreTest {
 protected:
  // As if nothing had happened in the folder for long.
  static void Settle(const std::string& folder) {
    const timespec long_ago[2] = {{1'000'000'000, 0}, {1'000'000'000, 0}};
    ASSERT_EQ(utimensat(AT_FDCWD, folder.c_str(), long_ago, 0), 0);
  }
  static void ReadFirst(Connection& connection) {
    connection.Execute("select 1 from sqlite_schema");
    connection.NoteFiles();
  }

  std::string folder_path_ = fs::path(database_).parent_path();
};

TEST_F(FilesInPlaceTest, EachOfTheFilesThatIsTakenAwayIsNoticedInASettledFolder) {
  for (const char* suffix : {"", "-wal", "-shm", ".lock", ".maintenance"}) {
    auto store = OpenStore();
    Record(store, {MakeVisit("http://a/")});
    Connection connection(database_);
    ReadFirst(connection);
    Settle(folder_path_);
    ASSERT_TRUE(connection.FilesAreInPlace()) << suffix;
    ASSERT_TRUE(connection.FilesAreInPlace()) << suffix;
    fs::rename(database_ + suffix, folder_.File("aside"));
    EXPECT_FALSE(connection.FilesAreInPlace()) << suffix;
    fs::rename(folder_.File("aside"), database_ + suffix);
    EXPECT_TRUE(connection.FilesAreInPlace()) << suffix;
  }
}

// Its times may be too coarse to tell a second change from the first.
TEST_F(FilesInPlaceTest, AFolderThatHasJustChangedIsNotTrusted) {
  const DatabaseFiles files(database_);
  EXPECT_FALSE(files.LookAtFolder());
  Settle(folder_path_);
  EXPECT_TRUE(files.LookAtFolder());
}

TEST_F(FilesInPlaceTest, AFolderThatIsPutInTheOthersPlaceIsNoticed) {
  const std::string inner = folder_.File("inner");
  fs::create_directory(inner);
  Connection connection(inner + "/visits.db");
  connection.Execute("pragma journal_mode=wal");
  ReadFirst(connection);
  Settle(inner);
  ASSERT_TRUE(connection.FilesAreInPlace());
  fs::rename(inner, folder_.File("outer"));
  fs::create_directory(inner);
  Settle(inner);
  EXPECT_FALSE(connection.FilesAreInPlace());
}

TEST_F(FilesInPlaceTest, AFileThatIsALinkIsLookedAtWhereItIs) {
  const std::string elsewhere = folder_.File("elsewhere");
  fs::create_directory(elsewhere);
  {
    Connection(elsewhere + "/real.db").Execute("create table t(x)");
  }
  fs::create_symlink(elsewhere + "/real.db", database_);
  Connection connection(database_);
  ReadFirst(connection);
  Settle(folder_path_);
  ASSERT_TRUE(connection.FilesAreInPlace());
  fs::remove(elsewhere + "/real.db");
  Settle(elsewhere);
  EXPECT_FALSE(connection.FilesAreInPlace());
}

}  // namespace
}  // namespace page_count
