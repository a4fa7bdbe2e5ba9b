#include "worker/ingest/storage_health.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

#include "worker/store/visit_store.h"

namespace page_count {
namespace {

size_t LinesIn(const std::string& text) { return static_cast<size_t>(std::count(text.begin(), text.end(), '\n')); }

class StorageHealthTest : public testing::Test {
 protected:
  bool Fail(const char* message, StorageHealth::Use use = StorageHealth::Use::kWrite) {
    return storage_health_.Run(use, [message] { throw StoreError(message); });
  }
  bool Work(StorageHealth::Use use = StorageHealth::Use::kWrite) {
    return storage_health_.Run(use, [] {});
  }

  StorageHealth storage_health_;
};

TEST_F(StorageHealthTest, SaysWhetherTheUseWorked) {
  testing::internal::CaptureStderr();
  EXPECT_TRUE(Work());
  EXPECT_FALSE(Fail("disk full"));
  EXPECT_TRUE(Work());
  testing::internal::GetCapturedStderr();
}

TEST_F(StorageHealthTest, LogsNothingWhileAllIsWell) {
  testing::internal::CaptureStderr();
  Work();
  Work();
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

TEST_F(StorageHealthTest, LogsAFailureOnceWhileItLasts) {
  testing::internal::CaptureStderr();
  for (int i = 0; i < 10; ++i) Fail("disk full");
  const std::string log = testing::internal::GetCapturedStderr();
  EXPECT_EQ(LinesIn(log), 1U) << log;
  EXPECT_NE(log.find("disk full"), std::string::npos) << log;
}

TEST_F(StorageHealthTest, LogsThatTheStorageIsBackOnce) {
  testing::internal::CaptureStderr();
  Fail("disk full");
  Work();
  Work();
  const std::string log = testing::internal::GetCapturedStderr();
  EXPECT_EQ(LinesIn(log), 2U) << log;
  EXPECT_TRUE(log.ends_with("storage is back\n")) << log;
}

TEST_F(StorageHealthTest, LogsAnotherFailureAndTheSameOneAfterARecovery) {
  testing::internal::CaptureStderr();
  Fail("disk full");
  Fail("read-only file");
  Work();
  Fail("read-only file");
  const std::string log = testing::internal::GetCapturedStderr();
  EXPECT_EQ(LinesIn(log), 4U) << log;
}

TEST_F(StorageHealthTest, WhatIsReadDoesNotEndAFailureToWrite) {
  testing::internal::CaptureStderr();
  Fail("disk full");
  Work(StorageHealth::Use::kRead);
  Fail("disk full");
  Work();
  const std::string log = testing::internal::GetCapturedStderr();
  EXPECT_EQ(LinesIn(log), 2U) << log;
}

TEST_F(StorageHealthTest, WhatIsWrittenDoesNotEndAFailureToSync) {
  testing::internal::CaptureStderr();
  Fail("input/output error", StorageHealth::Use::kSync);
  Work();
  Fail("input/output error", StorageHealth::Use::kSync);
  Work();
  Work(StorageHealth::Use::kSync);
  const std::string log = testing::internal::GetCapturedStderr();
  EXPECT_EQ(LinesIn(log), 2U) << log;
  EXPECT_TRUE(log.ends_with("storage is back\n")) << log;
}

TEST_F(StorageHealthTest, AnExceptionThatIsNoStoreErrorSaysNothingOfTheStorageAndGoesOn) {
  testing::internal::CaptureStderr();
  for (const auto use : {StorageHealth::Use::kRead, StorageHealth::Use::kWrite}) {
    EXPECT_THROW(storage_health_.Run(use, [] { std::ignore = std::vector<int>().at(1); }), std::out_of_range);
  }
  EXPECT_FALSE(storage_health_.is_reading_failing());
  EXPECT_FALSE(storage_health_.recording().failed.has_value());
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

TEST_F(StorageHealthTest, IsSharedByThreads) {
  testing::internal::CaptureStderr();
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([this] {
      for (int j = 0; j < 100; ++j) Fail("disk full");
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(LinesIn(testing::internal::GetCapturedStderr()), 1U);
}

}  // namespace
}  // namespace page_count
