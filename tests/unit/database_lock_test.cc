// The two lock files beside a database: what cannot be opened is a failure of the storage, and one that was taken away
// is noticed.
#include <gtest/gtest.h>

#include <filesystem>
#include <span>
#include <string>

#include "tests/unit/store_fixture.h"
#include "worker/system/file_lock.h"

namespace page_count {
namespace {

class DatabaseLockTest : public StoreTest {
 protected:
  // What the store, which has noticed nothing yet, says of it.
  std::string Failure(VisitStore& store) {
    try {
      Record(store, {MakeVisit("http://a/")});
    } catch (const StoreError& error) {
      return error.what();
    }
    return "";
  }
};

class EachDatabaseLockTest : public DatabaseLockTest, public testing::WithParamInterface<const char*> {
 protected:
  std::string Lock() const { return database_ + GetParam(); }
};

INSTANTIATE_TEST_SUITE_P(DatabaseLocks, EachDatabaseLockTest, testing::Values(".lock", ".maintenance"),
                         [](const auto& test) { return std::string(test.param + 1); });

TEST_P(EachDatabaseLockTest, AFolderInItsPlaceIsAFailureOfTheStorageUntilItIsGone) {
  ASSERT_TRUE(std::filesystem::create_directory(Lock()));
  auto store = OpenStore();
  EXPECT_THROW(store.ProbeReading(), StoreError);
  EXPECT_NE(Failure(store).find(Lock()), std::string::npos);
  ASSERT_TRUE(std::filesystem::remove(Lock()));
  EXPECT_EQ(Failure(store), "");
}

TEST_P(EachDatabaseLockTest, IsMadeAnewAfterItWasDeleted) {
  auto one = OpenStore();
  auto other = OpenStore();
  ASSERT_EQ(Failure(one), "");
  ASSERT_EQ(Failure(other), "");
  ASSERT_TRUE(std::filesystem::remove(Lock()));
  for (auto* store : {&one, &other}) {
    EXPECT_NE(Failure(*store).find("its lock file " + Lock() + " was moved, deleted or replaced"), std::string::npos);
    EXPECT_EQ(Failure(*store), "") << "the next call";
  }
}

TEST_F(DatabaseLockTest, AfterTheWriteLockWasDeletedAllProcessesTakeTheNewOne) {
  auto one = OpenStore();
  auto other = OpenStore();
  for (auto* store : {&one, &other}) ASSERT_EQ(Failure(*store), "");
  ASSERT_TRUE(std::filesystem::remove(database_ + ".lock"));
  EXPECT_NE(Failure(one), "");
  EXPECT_EQ(Failure(one), "");
  EXPECT_NE(Failure(other), "") << "which has the old lock still";
  EXPECT_EQ(Failure(other), "");
  const FileLock writer(database_ + ".lock");
  const auto lock = writer.Lock();
  const Visit visit = MakeVisit("http://a/");
  const Visit* const batch[] = {&visit};
  for (auto* store : {&one, &other}) {
    EXPECT_FALSE(store->TryCommit(batch).has_value());
  }
}

}  // namespace
}  // namespace page_count
