// The two lock files beside a database: what cannot be opened is a failure of the storage, and one that was taken away
// is noticed.
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "tests/unit/store_fixture.h"

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

}  // namespace
}  // namespace page_count
