#include "worker/ingest/recorder.h"

#include <gtest/gtest.h>
#include <poll.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "tests/unit/fake_visit_store.h"
#include "tests/unit/gate.h"

namespace page_count {
namespace {

using Texts = std::vector<std::string>;

constexpr std::chrono::nanoseconds kDeadline = std::chrono::seconds(20);
constexpr std::chrono::nanoseconds kNow(0);
constexpr size_t kUnderWay = 1'000;

// A recording that is answered with what it was called with: each visit's URL and the receipt it got.
Recording RecordingOf(const Texts& urls) {
  Recording recording;
  for (const std::string& url : urls) recording.visits.push_back({*TrackedUrl::Parse(url), "192.0.2.1", "agent"});
  recording.answer = [](std::span<const Visit> visits, std::span<const Receipt> receipts) {
    std::string text = "recorded";
    for (size_t i = 0; i < visits.size(); ++i) {
      text += ' ' + visits[i].url.text() + '#' + std::to_string(receipts[i].page_visits);
    }
    EXPECT_EQ(visits.size(), receipts.size());
    return Ok(text);
  };
  recording.answer_unavailable = [](std::span<const Visit> visits) {
    std::string text = "unavailable";
    for (const Visit& visit : visits) text += ' ' + visit.url.text();
    return Ok(text);
  };
  return recording;
}

class RecorderTest : public testing::Test {
 protected:
  // Adds one request; its reply is noted, on the recorder's thread.
  void Add(const Texts& urls) {
    recorder_->Add(RecordingOf(urls), [this](const Response& response) {
      replies_.push_back(response.body);
      store_.Note("reply");
    });
  }
  bool HasAnswered(std::chrono::nanoseconds wait) const {
    pollfd answered{recorder_->answered_descriptor(), POLLIN, 0};
    const auto seconds = std::chrono::floor<std::chrono::seconds>(wait);
    const timespec timeout{seconds.count(), (wait - seconds).count()};
    return ppoll(&answered, 1, &timeout, nullptr) == 1;
  }
  // What the event loop does.
  void AwaitReplies(size_t count) {
    for (;;) {
      const auto left = recorder_->TimeLeftToGather();
      if (HasAnswered(left.value_or(kDeadline))) {
        recorder_->Finish();
        if (replies_.size() >= count) return;
      } else {
        ASSERT_TRUE(left) << "too few replies";
      }
      recorder_->Submit(kUnderWay);
    }
  }
  void Record(size_t replies) {
    recorder_->Submit(kUnderWay);
    AwaitReplies(replies);
  }
  // What is logged meanwhile is not this test's.
  void RecordQuietly(size_t replies) {
    testing::internal::CaptureStderr();
    Record(replies);
    testing::internal::GetCapturedStderr();
  }
  auto CountOf(const std::string& call) const { return std::count(store_.calls.begin(), store_.calls.end(), call); }

  FakeVisitStore store_;
  StorageHealth storage_health_;
  int wakes_ = 0;
  Texts replies_;
  Gate gate_;
  std::unique_ptr<Recorder> recorder_ =
      std::make_unique<Recorder>(store_, storage_health_, [this](bool now) { wakes_ += now ? 1 : 0; });
};

TEST_F(RecorderTest, RecordsManyRequestsInOneCommitAndAnswersAfterTheSync) {
  Add({"https://h/1"});
  Add({"https://h/2"});
  EXPECT_TRUE(replies_.empty());
  Record(2);
  EXPECT_EQ(store_.calls, (Texts{"append", "collect", "sync", "reply", "reply", "maintenance due"}));
  EXPECT_EQ(store_.appended, (Texts{"https://h/1", "https://h/2"}));
  EXPECT_FALSE(HasAnswered(kNow));
}

TEST_F(RecorderTest, AsksNothingOfTheStoreWhereNothingWaits) {
  recorder_->Submit(kUnderWay);
  recorder_.reset();
  EXPECT_EQ(store_.calls, Texts{});
}

TEST_F(RecorderTest, GivesEachRequestItsOwnReceipts) {
  Add({"https://h/1"});
  Add({"https://h/2", "https://h/3", "https://h/4"});
  Add({"https://h/5"});
  Record(3);
  EXPECT_EQ(replies_, (Texts{"recorded https://h/1#1", "recorded https://h/2#2 https://h/3#3 https://h/4#4",
                             "recorded https://h/5#5"}));
}

TEST_F(RecorderTest, AnswersAllAsUnavailableWhereTheCommitFails) {
  for (std::string* error : {&store_.append_error, &store_.commit_error}) {
    *error = "disk full";
    replies_.clear();
    Add({"https://h/1"});
    Add({"https://h/2", "https://h/3"});
    RecordQuietly(2);
    EXPECT_EQ(replies_, (Texts{"unavailable https://h/1", "unavailable https://h/2 https://h/3"}));
    error->clear();
  }
  EXPECT_EQ(store_.calls, (Texts{"append", "reply", "reply", "append", "collect", "reply", "reply"}));
}

TEST_F(RecorderTest, AcknowledgesNothingWhereTheSyncFails) {
  store_.sync_error = "input/output error";
  Add({"https://h/1"});
  Add({"https://h/2"});
  RecordQuietly(2);
  EXPECT_EQ(replies_, (Texts{"unavailable https://h/1", "unavailable https://h/2"}));
}

TEST_F(RecorderTest, DoesNotTryAgainWhatItAnswered) {
  store_.append_error = "disk full";
  Add({"https://h/1"});
  RecordQuietly(1);
  store_.append_error.clear();
  Add({"https://h/2"});
  RecordQuietly(2);
  EXPECT_EQ(store_.appended, Texts{"https://h/2"});
  EXPECT_EQ(replies_, (Texts{"unavailable https://h/1", "recorded https://h/2#1"}));
}

TEST_F(RecorderTest, SaysOnceThatTheStorageIsUnavailable) {
  for (std::string* error : {&store_.append_error, &store_.sync_error}) {
    *error = "disk full";
    testing::internal::CaptureStderr();
    for (size_t i = 0; i < 3; ++i) {
      Add({"https://h/"});
      Record(replies_.size() + 1);
    }
    error->clear();
    Add({"https://h/"});
    Record(replies_.size() + 1);
    const std::string log = testing::internal::GetCapturedStderr();
    EXPECT_EQ(std::count(log.begin(), log.end(), '\n'), 2) << log;
    EXPECT_NE(log.find("disk full"), std::string::npos) << log;
    EXPECT_TRUE(log.ends_with("storage is back\n")) << log;
  }
}

TEST_F(RecorderTest, WakesMaintenanceWhereItIsDue) {
  Add({"https://h/1"});
  Record(1);
  EXPECT_EQ(wakes_, 0);
  store_.maintenance_due = true;
  Add({"https://h/2"});
  Record(2);
  EXPECT_EQ(wakes_, 1);
}

TEST_F(RecorderTest, TakesAlongWhatIsAddedWhileItWaitsForItsTurnToWrite) {
  store_.another_writes = true;
  store_.before_collect = [this] { gate_.Pass(); };
  Add({"https://h/1"});
  recorder_->Submit(kUnderWay);
  gate_.AwaitOneWhoWaits();
  for (int i = 2; i <= 100; ++i) Add({"https://h/" + std::to_string(i)});
  gate_.Open();
  AwaitReplies(100);
  EXPECT_EQ(replies_.back(), "recorded https://h/100#100");
  EXPECT_EQ(store_.appended.size(), 100U);
  EXPECT_EQ(CountOf("sync"), 1);
}

TEST_F(RecorderTest, RecordsNextWhatIsAddedDuringASync) {
  store_.before_sync = [this] { gate_.Pass(); };
  Add({"https://h/1"});
  recorder_->Submit(kUnderWay);
  gate_.AwaitOneWhoWaits();
  Add({"https://h/2"});
  Add({"https://h/3"});
  EXPECT_FALSE(HasAnswered(kNow)) << "the first batch is not synced yet";
  gate_.Open();
  AwaitReplies(3);
  EXPECT_EQ(replies_, (Texts{"recorded https://h/1#1", "recorded https://h/2#2", "recorded https://h/3#3"}));
  EXPECT_EQ(CountOf("sync"), 2);
}

TEST_F(RecorderTest, WaitsAShortTimeForMoreAfterABatchOfMany) {
  EXPECT_FALSE(recorder_->TimeLeftToGather());
  for (int i = 1; i <= 100; ++i) Add({"https://h/" + std::to_string(i)});
  Record(100);
  EXPECT_FALSE(recorder_->TimeLeftToGather());
  Add({"https://h/alone"});
  recorder_->Submit(kUnderWay);
  EXPECT_TRUE(recorder_->TimeLeftToGather());
  EXPECT_EQ(CountOf("append"), 1);
  AwaitReplies(101);
  Add({"https://h/alone"});
  Record(102);
  EXPECT_EQ(replies_.back(), "recorded https://h/alone#102");
}

TEST_F(RecorderTest, WaitsNoLongerOnceAsManyWaitAsTheLastBatchMadeLikely) {
  for (int i = 1; i <= 10; ++i) Add({"https://h/" + std::to_string(i)});
  Record(10);
  for (int i = 11; i <= 25; ++i) Add({"https://h/" + std::to_string(i)});
  recorder_->Submit(kUnderWay);
  EXPECT_FALSE(recorder_->TimeLeftToGather());
  AwaitReplies(25);
  EXPECT_EQ(CountOf("sync"), 2);
}

TEST_F(RecorderTest, LeavesManyVisitsToItsThread) {
  store_.another_writes = true;  // else it does not show
  Add(Texts(257, "https://h/"));
  Record(1);
  EXPECT_EQ(CountOf("append"), 1);
  EXPECT_EQ(store_.appended.size(), 257U);
}

TEST_F(RecorderTest, LearnsNothingOfTheStorageWhereItDidNothing) {
  store_.another_writes = true;
  store_.append_error = "disk full";
  testing::internal::CaptureStderr();
  for (size_t i = 1; i <= 3; ++i) {
    Add({"https://h/"});
    Record(i);
  }
  const std::string log = testing::internal::GetCapturedStderr();
  EXPECT_EQ(std::count(log.begin(), log.end(), '\n'), 1) << log;
}

TEST_F(RecorderTest, LeavesItToItsThreadToWaitForAnotherWriter) {
  store_.another_writes = true;
  Add({"https://h/1"});
  Record(1);
  EXPECT_EQ(store_.calls, (Texts{"append", "append", "collect", "sync", "reply", "maintenance due"}));
  EXPECT_EQ(replies_, Texts{"recorded https://h/1#1"});
}

TEST_F(RecorderTest, DoesNotUseTheStoreWhileItsThreadDoes) {
  store_.before_sync = [this] { gate_.Pass(); };
  Add({"https://h/1"});
  recorder_->Submit(kUnderWay);
  gate_.AwaitOneWhoWaits();
  Add({"https://h/2"});
  recorder_->Submit(kUnderWay);
  EXPECT_EQ(CountOf("append"), 1);
  EXPECT_EQ(replies_, Texts{});
  gate_.Open();
  AwaitReplies(2);
  EXPECT_EQ(store_.appended, (Texts{"https://h/1", "https://h/2"}));
}

TEST_F(RecorderTest, RecordsAndAnswersWhatItIsAtBeforeItGoes) {
  store_.another_writes = true;
  store_.before_collect = [this] { gate_.Pass(); };
  Add({"https://h/1"});
  recorder_->Submit(kUnderWay);
  gate_.AwaitOneWhoWaits();
  std::thread opener([this] { gate_.Open(); });
  recorder_.reset();
  opener.join();
  EXPECT_EQ(store_.calls, (Texts{"append", "append", "collect", "sync", "reply", "maintenance due"}));
  EXPECT_EQ(store_.appended, Texts{"https://h/1"});
  EXPECT_EQ(replies_, Texts{"recorded https://h/1#1"});
}

}  // namespace
}  // namespace page_count
