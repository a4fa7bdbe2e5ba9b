#include "worker/ingest/outage.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace page_count {
namespace {

size_t LinesIn(const std::string& text) { return static_cast<size_t>(std::count(text.begin(), text.end(), '\n')); }

class OutageTest : public testing::Test {
 protected:
  bool Fail(const char* message, Outage::Use use = Outage::Use::kWrite) {
    return outage_.Guard(use, [message] { throw std::runtime_error(message); });
  }
  bool Work(Outage::Use use = Outage::Use::kWrite) {
    return outage_.Guard(use, [] {});
  }

  Outage outage_;
};

TEST_F(OutageTest, SaysWhetherTheUseWorked) {
  testing::internal::CaptureStderr();
  EXPECT_TRUE(Work());
  EXPECT_FALSE(Fail("disk full"));
  EXPECT_TRUE(Work());
  testing::internal::GetCapturedStderr();
}

TEST_F(OutageTest, LogsNothingWhileAllIsWell) {
  testing::internal::CaptureStderr();
  Work();
  Work();
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

TEST_F(OutageTest, LogsAFailureOnceWhileItLasts) {
  testing::internal::CaptureStderr();
  for (int i = 0; i < 10; ++i) Fail("disk full");
  const std::string log = testing::internal::GetCapturedStderr();
  EXPECT_EQ(LinesIn(log), 1U) << log;
  EXPECT_NE(log.find("disk full"), std::string::npos) << log;
}

TEST_F(OutageTest, LogsThatTheStorageIsBackOnce) {
  testing::internal::CaptureStderr();
  Fail("disk full");
  Work();
  Work();
  const std::string log = testing::internal::GetCapturedStderr();
  EXPECT_EQ(LinesIn(log), 2U) << log;
  EXPECT_TRUE(log.ends_with("storage is back\n")) << log;
}

TEST_F(OutageTest, LogsAnotherFailureAndTheSameOneAfterARecovery) {
  testing::internal::CaptureStderr();
  Fail("disk full");
  Fail("read-only file");
  Work();
  Fail("read-only file");
  const std::string log = testing::internal::GetCapturedStderr();
  EXPECT_EQ(LinesIn(log), 4U) << log;
}

TEST_F(OutageTest, WhatIsReadDoesNotEndAFailureToWrite) {
  testing::internal::CaptureStderr();
  Fail("disk full");
  Work(Outage::Use::kRead);
  Fail("disk full");
  Work();
  const std::string log = testing::internal::GetCapturedStderr();
  EXPECT_EQ(LinesIn(log), 2U) << log;
}

TEST_F(OutageTest, WhatIsWrittenDoesNotEndAFailureToSync) {
  testing::internal::CaptureStderr();
  Fail("input/output error", Outage::Use::kSync);
  Work();
  Fail("input/output error", Outage::Use::kSync);
  Work();
  Work(Outage::Use::kSync);
  const std::string log = testing::internal::GetCapturedStderr();
  EXPECT_EQ(LinesIn(log), 2U) << log;
  EXPECT_TRUE(log.ends_with("storage is back\n")) << log;
}

TEST_F(OutageTest, IsSharedByThreads) {
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
