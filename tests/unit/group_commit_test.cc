#include "worker/ingest/group_commit.h"

#include <gtest/gtest.h>
#include <poll.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/unit/fake_visit_store.h"
#include "tests/unit/gate.h"

namespace page_count {
namespace {

using Texts = std::vector<std::string>;

constexpr std::chrono::nanoseconds kDeadline = std::chrono::seconds(20);
constexpr std::chrono::nanoseconds kNow(0);
constexpr size_t kUnderWay = 1'000;

class GroupCommitTest : public testing::Test {
 protected:
  // Adds one request, which notes what it is told: each visit's URL and the receipt it got.
  void Add(const Texts& urls) {
    std::vector<Visit> visits;
    for (const std::string& url : urls) visits.push_back({*TrackedUrl::Parse(url), "192.0.2.1", "agent"});
    group_commit_->Add(std::move(visits), [this, loop = std::this_thread::get_id()](const CommitResult& result) {
      EXPECT_EQ(std::this_thread::get_id(), loop);
      EXPECT_EQ(result.receipts.size(), result.committed ? result.visits.size() : 0);
      std::string text = result.committed ? "committed" : "failed";
      for (size_t i = 0; i < result.visits.size(); ++i) {
        text += ' ' + result.visits[i].url.text();
        if (result.committed) text += '#' + std::to_string(result.receipts[i].page_visits);
      }
      told_.push_back(text);
      store_.Note("tell");
    });
  }
  bool IsDone(std::chrono::nanoseconds wait) const {
    pollfd done{group_commit_->done_descriptor(), POLLIN, 0};
    const auto seconds = std::chrono::floor<std::chrono::seconds>(wait);
    const timespec timeout{seconds.count(), (wait - seconds).count()};
    return ppoll(&done, 1, &timeout, nullptr) == 1;
  }
  // What the event loop does, until so many requests were told.
  void Await(size_t count) {
    while (told_.size() < count) {
      const auto left = group_commit_->DelayLeft();
      if (IsDone(left.value_or(kDeadline))) {
        group_commit_->Complete();
      } else {
        ASSERT_TRUE(left) << "too few were told";
      }
      group_commit_->Flush(kUnderWay);
    }
  }
  void Commit(size_t count) {
    group_commit_->Flush(kUnderWay);
    Await(count);
  }
  // What is logged meanwhile is not this test's.
  void CommitQuietly(size_t count) {
    testing::internal::CaptureStderr();
    Commit(count);
    testing::internal::GetCapturedStderr();
  }
  auto CountOf(const std::string& call) const { return std::count(store_.calls.begin(), store_.calls.end(), call); }

  FakeVisitStore store_;
  StorageHealth storage_health_;
  int wakes_ = 0;
  Texts told_;
  Gate gate_;
  std::unique_ptr<GroupCommit> group_commit_ =
      std::make_unique<GroupCommit>(store_, storage_health_, [this](bool now) { wakes_ += now ? 1 : 0; });
};

TEST_F(GroupCommitTest, CommitsManyRequestsAtOnceAndTellsThemAfterTheSync) {
  Add({"https://h/1"});
  Add({"https://h/2"});
  EXPECT_TRUE(told_.empty());
  Commit(2);
  EXPECT_EQ(store_.calls, (Texts{"try commit", "make durable", "maintenance due", "tell", "tell"}));
  EXPECT_EQ(store_.committed, (Texts{"https://h/1", "https://h/2"}));
  EXPECT_FALSE(IsDone(kNow));
}

TEST_F(GroupCommitTest, AsksNothingOfTheStoreIfNothingIsPending) {
  group_commit_->Flush(kUnderWay);
  group_commit_.reset();
  EXPECT_EQ(store_.calls, Texts{});
}

TEST_F(GroupCommitTest, GivesEachRequestItsOwnReceipts) {
  Add({"https://h/1"});
  Add({"https://h/2", "https://h/3", "https://h/4"});
  Add({"https://h/5"});
  Commit(3);
  EXPECT_EQ(told_, (Texts{"committed https://h/1#1", "committed https://h/2#2 https://h/3#3 https://h/4#4",
                          "committed https://h/5#5"}));
}

TEST_F(GroupCommitTest, TellsAllThatTheCommitFailed) {
  for (const bool another_writes : {false, true}) {
    store_.another_writes = another_writes;
    store_.commit_error = "disk full";
    told_.clear();
    Add({"https://h/1"});
    Add({"https://h/2", "https://h/3"});
    CommitQuietly(2);
    EXPECT_EQ(told_, (Texts{"failed https://h/1", "failed https://h/2 https://h/3"}));
    EXPECT_FALSE(group_commit_->under_way_since());
  }
  EXPECT_EQ(store_.calls, (Texts{"try commit", "tell", "tell", "try commit", "commit", "tell", "tell"}));
  EXPECT_EQ(group_commit_->failed_bytes(), 3 * (16'384 + 11 + 5));
}

TEST_F(GroupCommitTest, AcknowledgesNothingIfTheSyncFails) {
  store_.sync_error = "input/output error";
  Add({"https://h/1"});
  Add({"https://h/2"});
  CommitQuietly(2);
  EXPECT_EQ(told_, (Texts{"failed https://h/1", "failed https://h/2"}));
}

TEST_F(GroupCommitTest, DoesNotTryAgainWhatHasFailed) {
  store_.commit_error = "disk full";
  Add({"https://h/1"});
  CommitQuietly(1);
  store_.commit_error.clear();
  Add({"https://h/2"});
  CommitQuietly(2);
  EXPECT_EQ(store_.committed, Texts{"https://h/2"});
  EXPECT_EQ(told_, (Texts{"failed https://h/1", "committed https://h/2#1"}));
}

TEST_F(GroupCommitTest, SaysOnceThatTheStorageIsUnavailable) {
  for (std::string* error : {&store_.commit_error, &store_.sync_error}) {
    *error = "disk full";
    testing::internal::CaptureStderr();
    for (size_t i = 0; i < 3; ++i) {
      Add({"https://h/"});
      Commit(told_.size() + 1);
    }
    error->clear();
    Add({"https://h/"});
    Commit(told_.size() + 1);
    const std::string log = testing::internal::GetCapturedStderr();
    EXPECT_EQ(std::count(log.begin(), log.end(), '\n'), 2) << log;
    EXPECT_NE(log.find("disk full"), std::string::npos) << log;
    EXPECT_TRUE(log.ends_with("storage is back\n")) << log;
  }
}

TEST_F(GroupCommitTest, WakesMaintenanceIfItIsDue) {
  Add({"https://h/1"});
  Commit(1);
  EXPECT_EQ(wakes_, 0);
  store_.maintenance_due = true;
  Add({"https://h/2"});
  Commit(2);
  EXPECT_EQ(wakes_, 1);
}

TEST_F(GroupCommitTest, CommitsNextWhatIsAddedWhileAnotherProcessWrites) {
  store_.another_writes = true;
  store_.before_commit = [this] { gate_.Pass(); };
  Add({"https://h/1"});
  group_commit_->Flush(kUnderWay);
  gate_.AwaitOneWhoWaits();
  for (int i = 2; i <= 100; ++i) Add({"https://h/" + std::to_string(i)});
  gate_.Open();
  Await(100);
  EXPECT_EQ(told_.back(), "committed https://h/100#100");
  EXPECT_EQ(store_.committed.size(), 100U);
  EXPECT_EQ(CountOf("make durable"), 2);
}

TEST_F(GroupCommitTest, CommitsNextWhatIsAddedDuringASync) {
  store_.before_sync = [this] { gate_.Pass(); };
  Add({"https://h/1"});
  group_commit_->Flush(kUnderWay);
  gate_.AwaitOneWhoWaits();
  Add({"https://h/2"});
  Add({"https://h/3"});
  EXPECT_FALSE(IsDone(kNow)) << "the first batch is not synced yet";
  gate_.Open();
  Await(3);
  EXPECT_EQ(told_, (Texts{"committed https://h/1#1", "committed https://h/2#2", "committed https://h/3#3"}));
  EXPECT_EQ(CountOf("make durable"), 2);
}

TEST_F(GroupCommitTest, WaitsAShortTimeForMoreAfterABatchOfMany) {
  EXPECT_FALSE(group_commit_->DelayLeft());
  for (int i = 1; i <= 100; ++i) Add({"https://h/" + std::to_string(i)});
  Commit(100);
  EXPECT_FALSE(group_commit_->DelayLeft());
  Add({"https://h/alone"});
  group_commit_->Flush(kUnderWay);
  EXPECT_TRUE(group_commit_->DelayLeft());
  EXPECT_EQ(CountOf("try commit"), 1);
  Await(101);
  Add({"https://h/alone"});
  Commit(102);
  EXPECT_EQ(told_.back(), "committed https://h/alone#102");
}

TEST_F(GroupCommitTest, WaitsNoLongerOnceAsManyWaitAsTheLastBatchMadeLikely) {
  for (int i = 1; i <= 10; ++i) Add({"https://h/" + std::to_string(i)});
  Commit(10);
  for (int i = 11; i <= 25; ++i) Add({"https://h/" + std::to_string(i)});
  group_commit_->Flush(kUnderWay);
  EXPECT_FALSE(group_commit_->DelayLeft());
  Await(25);
  EXPECT_EQ(CountOf("make durable"), 2);
}

TEST_F(GroupCommitTest, CommitsNoMoreVisitsAtOnceThanABatchHolds) {
  constexpr size_t kMost = GroupCommit::kMaxBatchVisits;
  const Texts hundred(100, "https://h/");
  for (size_t i = 0; i <= kMost / 100; ++i) Add(hundred);
  group_commit_->Flush(kUnderWay);
  EXPECT_EQ(store_.committed.size(), kMost / 100 * 100) << "the last request is not split";
  Await(kMost / 100 + 1);
  EXPECT_EQ(store_.committed.size(), (kMost / 100 + 1) * 100);
  EXPECT_EQ(CountOf("make durable"), 2);
}

TEST_F(GroupCommitTest, CommitsARequestThatIsLargerThanABatchByItself) {
  Add(Texts(GroupCommit::kMaxBatchVisits + 1, "https://h/"));
  Add({"https://h/next"});
  group_commit_->Flush(kUnderWay);
  EXPECT_EQ(store_.committed.size(), GroupCommit::kMaxBatchVisits + 1);
  Await(2);
  EXPECT_EQ(told_.back(), "committed https://h/next#" + std::to_string(GroupCommit::kMaxBatchVisits + 2));
}

TEST_F(GroupCommitTest, LearnsNothingOfTheStorageIfItDidNothing) {
  store_.another_writes = true;
  store_.commit_error = "disk full";
  testing::internal::CaptureStderr();
  for (size_t i = 1; i <= 3; ++i) {
    Add({"https://h/"});
    Commit(i);
  }
  const std::string log = testing::internal::GetCapturedStderr();
  EXPECT_EQ(std::count(log.begin(), log.end(), '\n'), 1) << log;
}

TEST_F(GroupCommitTest, LeavesItToItsThreadToWaitForAnotherWriter) {
  store_.another_writes = true;
  Add({"https://h/1"});
  Commit(1);
  EXPECT_EQ(store_.calls, (Texts{"try commit", "commit", "make durable", "maintenance due", "tell"}));
  EXPECT_EQ(told_, Texts{"committed https://h/1#1"});
}

TEST_F(GroupCommitTest, DoesNotUseTheStoreWhileItsThreadDoes) {
  store_.before_sync = [this] { gate_.Pass(); };
  Add({"https://h/1"});
  group_commit_->Flush(kUnderWay);
  gate_.AwaitOneWhoWaits();
  Add({"https://h/2"});
  group_commit_->Flush(kUnderWay);
  EXPECT_EQ(CountOf("try commit"), 1);
  EXPECT_EQ(told_, Texts{});
  gate_.Open();
  Await(2);
  EXPECT_EQ(store_.committed, (Texts{"https://h/1", "https://h/2"}));
}

TEST_F(GroupCommitTest, EndsAfterTheBatchUnderWayAndTellsNobody) {
  store_.another_writes = true;
  store_.before_commit = [this] { gate_.Pass(); };
  Add({"https://h/1"});
  group_commit_->Flush(kUnderWay);
  gate_.AwaitOneWhoWaits();
  Add({"https://h/2"});
  std::thread opener([this] { gate_.Open(); });
  group_commit_.reset();
  opener.join();
  EXPECT_EQ(store_.calls, (Texts{"try commit", "commit", "make durable"}));
  EXPECT_EQ(store_.committed, Texts{"https://h/1"});
  EXPECT_EQ(told_, Texts{});
}

TEST_F(GroupCommitTest, LetsAnExceptionOfItsThreadOutOfComplete) {
  store_.before_sync = [] { throw std::logic_error("a broken invariant"); };
  Add({"https://h/1"});
  group_commit_->Flush(kUnderWay);
  ASSERT_TRUE(IsDone(kDeadline));
  EXPECT_THROW(group_commit_->Complete(), std::logic_error);
  EXPECT_EQ(told_, Texts{});
}

TEST_F(GroupCommitTest, LetsAnExceptionOfACommitOutOfFlush) {
  store_.before_try_commit = [] { throw std::logic_error("a broken invariant"); };
  Add({"https://h/1"});
  EXPECT_THROW(group_commit_->Flush(kUnderWay), std::logic_error);
}

}  // namespace
}  // namespace page_count
