#include "worker/ingest/health_probe.h"

#include <gtest/gtest.h>
#include <poll.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "tests/unit/fake_visit_store.h"
#include "tests/unit/gate.h"

namespace page_count {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr int kDeadlineMs = 20'000;

class HealthProbeTest : public testing::Test {
 protected:
  ~HealthProbeTest() override { gate_.Open(); }

  // After the look that it takes by itself.
  void Start() {
    auto store = std::make_unique<FakeVisitStore>();
    store_ = store.get();
    store_->read_error = read_error_;
    store_->before_probe_writing = [this] {
      if (hangs_) gate_.Pass();
    };
    health_ = std::make_unique<HealthProbe>(
        std::move(store), storage_health_,
        HealthProbe::Commits{[this] { return under_way_since_; }, [this] { return failed_bytes_.load(); }},
        [this] { return steady_clock::time_point(now_.load()); });
    AwaitLook();
  }
  void AwaitLook() {
    pollfd looked{health_->looked().descriptor(), POLLIN, 0};
    ASSERT_EQ(poll(&looked, 1, kDeadlineMs), 1);
    health_->looked().Clear();
  }
  // As the event loop does it, however long the look takes.
  bool IsHealthy() {
    if (!health_->Ask()) AwaitLook();
    return health_->IsHealthy();
  }
  void Pass(steady_clock::duration time) { now_ = now_.load() + time; }
  void RecordingWorks() {
    SetNow();
    storage_health_.Run(StorageHealth::Use::kWrite, [] {});
    storage_health_.Run(StorageHealth::Use::kSync, [] {});
  }
  void RecordingFails(StorageHealth::Use use = StorageHealth::Use::kWrite) {
    SetNow();
    storage_health_.Run(use, [] { throw StoreError("disk full"); });
  }
  // The StorageHealth has the real clock, which must not be behind.
  void SetNow() {
    while (steady_clock::now().time_since_epoch() <= now_.load()) std::this_thread::yield();
    now_ = steady_clock::now().time_since_epoch();
  }
  std::ptrdiff_t Writes() const {
    return std::count_if(store_->calls.begin(), store_->calls.end(),
                         [](const std::string& call) { return call.starts_with("probe writing"); });
  }

  std::atomic<steady_clock::duration> now_ = steady_clock::now().time_since_epoch();
  std::optional<HealthProbe::TimePoint> under_way_since_;
  std::atomic<int64_t> failed_bytes_ = 0;
  std::atomic<bool> hangs_ = false;
  std::string read_error_;
  Gate gate_;
  StorageHealth storage_health_;
  FakeVisitStore* store_ = nullptr;
  std::unique_ptr<HealthProbe> health_;
};

TEST_F(HealthProbeTest, IsKnownBeforeAnybodyAsks) {
  Start();
  EXPECT_TRUE(health_->IsHealthy());
  EXPECT_EQ(Writes(), 1);
}

TEST_F(HealthProbeTest, OfAStorageThatCannotBeReadIsBadFromTheStart) {
  read_error_ = "malformed";
  testing::internal::CaptureStderr();
  Start();
  EXPECT_FALSE(IsHealthy());
  testing::internal::GetCapturedStderr();
}

TEST_F(HealthProbeTest, WritesAtMostOnceASecondHoweverOftenItIsAsked) {
  Start();
  for (int i = 0; i < 100; ++i) {
    Pass(milliseconds(30));
    EXPECT_TRUE(IsHealthy());
  }
  EXPECT_GE(Writes(), 3);
  EXPECT_LE(Writes(), 4);
}

TEST_F(HealthProbeTest, LooksAnewForEachWhoAsksButForThoseOfOneMoment) {
  Start();
  Pass(milliseconds(20));
  EXPECT_TRUE(IsHealthy());
  const size_t calls = store_->calls.size();
  EXPECT_TRUE(health_->Ask()) << "it was found well just now";
  EXPECT_EQ(store_->calls.size(), calls);
  Pass(milliseconds(20));
  EXPECT_TRUE(IsHealthy());
  EXPECT_GT(store_->calls.size(), calls);
}

TEST_F(HealthProbeTest, WritesNothingWhileVisitsAreRecorded) {
  Start();
  RecordingWorks();
  const auto writes = Writes();
  Pass(milliseconds(900));
  EXPECT_TRUE(IsHealthy());
  EXPECT_EQ(Writes(), writes);
}

TEST_F(HealthProbeTest, WritesNothingWhileAnotherWorkerRecordsVisits) {
  Start();
  Pass(seconds(10));
  EXPECT_TRUE(IsHealthy());
  const auto writes = Writes();
  for (int i = 0; i < 10; ++i) {
    ++store_->newest_visit;
    Pass(milliseconds(900));
    EXPECT_TRUE(IsHealthy());
  }
  EXPECT_EQ(Writes(), writes);
}

TEST_F(HealthProbeTest, IsBadFromTheMomentThatVisitsCannotBeRecorded) {
  Start();
  testing::internal::CaptureStderr();
  store_->room = 0;
  EXPECT_TRUE(health_->IsHealthy());
  for (const auto use : {StorageHealth::Use::kWrite, StorageHealth::Use::kSync}) {
    RecordingFails(use);
    EXPECT_FALSE(health_->IsHealthy());
    EXPECT_FALSE(IsHealthy());
    store_->room = 1 << 30;
    RecordingWorks();
    Pass(milliseconds(1));
    EXPECT_TRUE(IsHealthy());
    store_->room = 0;
  }
  testing::internal::GetCapturedStderr();
}

TEST_F(HealthProbeTest, IsBadWhereASmallRowFitsButNotABatchLikeTheOneThatFailed) {
  Start();
  testing::internal::CaptureStderr();
  failed_bytes_ = 1 << 20;
  store_->room = 100'000;
  RecordingFails();
  Pass(seconds(2));
  EXPECT_FALSE(IsHealthy());
  EXPECT_EQ(store_->calls.back(), "probe writing 1048576");
  store_->room = 2 << 20;
  EXPECT_FALSE(IsHealthy()) << "it has written a moment ago";
  Pass(seconds(2));
  EXPECT_TRUE(IsHealthy()) << "without a visit";
  testing::internal::GetCapturedStderr();
}

TEST_F(HealthProbeTest, IsGoodAgainOnceAnotherWorkerRecords) {
  Start();
  testing::internal::CaptureStderr();
  store_->room = 0;
  RecordingFails();
  Pass(milliseconds(100));
  EXPECT_FALSE(IsHealthy());
  Pass(milliseconds(100));
  ++store_->newest_visit;
  EXPECT_TRUE(IsHealthy());
  testing::internal::GetCapturedStderr();
}

TEST_F(HealthProbeTest, IsFoundBadOnAnIdleService) {
  Start();
  testing::internal::CaptureStderr();
  store_->room = 0;
  Pass(seconds(60));
  EXPECT_FALSE(IsHealthy());
  store_->room = 1 << 30;
  Pass(seconds(60));
  EXPECT_TRUE(IsHealthy());
  testing::internal::GetCapturedStderr();
}

TEST_F(HealthProbeTest, ReadsAsFiguresDoAfterTheseCouldNotBeRead) {
  Start();
  testing::internal::CaptureStderr();
  storage_health_.Run(StorageHealth::Use::kRead, [] { throw StoreError("malformed"); });
  Pass(milliseconds(20));
  EXPECT_TRUE(IsHealthy());
  EXPECT_TRUE(store_->inquiry.has_value());
  testing::internal::GetCapturedStderr();
}

TEST_F(HealthProbeTest, IsBadWhereALookDoesNotReturn) {
  Start();
  hangs_ = true;
  Pass(seconds(60));
  EXPECT_FALSE(health_->Ask());
  gate_.AwaitOneWhoWaits();
  EXPECT_TRUE(health_->IsHealthy()) << "it has only begun";
  Pass(milliseconds(1'001));
  testing::internal::CaptureStderr();
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(health_->Ask()) << "no use in waiting";
    EXPECT_FALSE(health_->IsHealthy());
  }
  hangs_ = false;
  gate_.Open();
  AwaitLook();
  EXPECT_TRUE(health_->IsHealthy());
  const std::string log = testing::internal::GetCapturedStderr();
  EXPECT_EQ(std::count(log.begin(), log.end(), '\n'), 2) << log;
  EXPECT_NE(log.find("does not respond"), std::string::npos) << log;
}

TEST_F(HealthProbeTest, IsBadWhereABatchOfVisitsDoesNotReturn) {
  Start();
  under_way_since_ = steady_clock::time_point(now_.load());
  Pass(milliseconds(20));
  EXPECT_TRUE(IsHealthy());
  Pass(seconds(2));
  testing::internal::CaptureStderr();
  EXPECT_TRUE(health_->Ask());
  EXPECT_FALSE(health_->IsHealthy());
  under_way_since_.reset();
  EXPECT_TRUE(IsHealthy());
  testing::internal::GetCapturedStderr();
}

}  // namespace
}  // namespace page_count
