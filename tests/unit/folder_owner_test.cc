#include "worker/system/folder_owner.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <string>

#include "tests/unit/temporary_folder.h"
#include "worker/store/sqlite/sqlite_visit_store.h"
#include "worker/system/file_lock.h"

namespace page_count {
namespace {

constexpr uid_t kAnotherUser = 65'534;

uid_t OwnerOf(const std::string& path) {
  struct stat status = {};
  EXPECT_EQ(lstat(path.c_str(), &status), 0) << path;
  return status.st_uid;
}

class FolderOwnerTest : public testing::Test {
 protected:
  void SetUp() override {
    if (geteuid() != 0) GTEST_SKIP() << "only root gives files away";
    ASSERT_EQ(chown(folder_.File("").c_str(), kAnotherUser, kAnotherUser), 0);
  }

  std::string NewFile(const std::string& name) {
    std::ofstream(folder_.File(name)) << "content";
    return folder_.File(name);
  }

  TemporaryFolder folder_;
};

TEST_F(FolderOwnerTest, AFileOfRootsBecomesTheFolderOwners) {
  const std::string file = NewFile("file");
  GiveToFolderOwner(file);
  EXPECT_EQ(OwnerOf(file), kAnotherUser);
}

TEST_F(FolderOwnerTest, AFileOfSomebodyElseStaysTheirs) {
  const std::string file = NewFile("file");
  ASSERT_EQ(chown(file.c_str(), 1, 1), 0);
  GiveToFolderOwner(file);
  EXPECT_EQ(OwnerOf(file), 1U);
}

TEST_F(FolderOwnerTest, WhatALinkLeadsToStaysRoots) {
  const TemporaryFolder roots;
  const std::string file = roots.File("file");
  std::ofstream(file) << "root's";
  ASSERT_EQ(symlink(file.c_str(), folder_.File("link").c_str()), 0);
  GiveToFolderOwner(folder_.File("link"));
  ASSERT_EQ(link(file.c_str(), folder_.File("hard").c_str()), 0);
  GiveToFolderOwner(folder_.File("hard"));
  EXPECT_EQ(OwnerOf(file), 0U);
}

TEST_F(FolderOwnerTest, AllThatAToolOfRootsMakesBesideTheDatabaseIsTheFolderOwners) {
  const auto now = [] { return UtcTime(std::chrono::milliseconds(1'700'000'000'000)); };
  SqliteVisitStore store({folder_.File("visits.db"), true, now});
  store.ProbeWriting(4096);
  for (const char* name : {"visits.db", "visits.db-wal", "visits.db-shm", "visits.db.lock", "visits.db.maintenance"}) {
    EXPECT_EQ(OwnerOf(folder_.File(name)), kAnotherUser) << name;
  }
}

}  // namespace
}  // namespace page_count
