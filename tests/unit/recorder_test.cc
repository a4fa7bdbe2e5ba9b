#include "worker/visits/recorder.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/unit/fake_visit_store.h"

namespace page_count {
namespace {

// A recording that is answered with what it was called with: each visit's URL and the receipt it got.
Recording RecordingOf(const std::vector<std::string>& urls) {
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
  // Adds one request; its reply is noted.
  void Add(const std::vector<std::string>& urls) {
    recorder_.Add(RecordingOf(urls), [this](const Response& response) {
      replies_.push_back(response.body);
      store_.calls.emplace_back("reply");
    });
  }
  // Flushes; what is logged meanwhile is not this test's.
  void FlushQuietly() {
    testing::internal::CaptureStderr();
    recorder_.Flush([] {});
    testing::internal::GetCapturedStderr();
  }

  using Texts = std::vector<std::string>;

  FakeVisitStore store_;
  Outage outage_;
  int wakes_ = 0;
  Recorder recorder_{store_, outage_, [this](bool now) { wakes_ += now ? 1 : 0; }};
  Texts replies_;
};

TEST_F(RecorderTest, RecordsManyRequestsInOneCommitAndAnswersAfterTheSync) {
  EXPECT_TRUE(recorder_.empty());
  Add({"https://h/1"});
  Add({"https://h/2"});
  EXPECT_FALSE(recorder_.empty());
  EXPECT_TRUE(replies_.empty());
  recorder_.Flush([] {});
  EXPECT_TRUE(recorder_.empty());
  EXPECT_EQ(store_.calls, (Texts{"append", "collect", "sync", "reply", "reply", "maintenance due"}));
  EXPECT_EQ(store_.appended, (Texts{"https://h/1", "https://h/2"}));
}

TEST_F(RecorderTest, GivesEachRequestItsOwnReceipts) {
  Add({"https://h/1"});
  Add({"https://h/2", "https://h/3", "https://h/4"});
  Add({"https://h/5"});
  recorder_.Flush([] {});
  EXPECT_EQ(replies_, (Texts{"recorded https://h/1#1", "recorded https://h/2#2 https://h/3#3 https://h/4#4",
                             "recorded https://h/5#5"}));
}

TEST_F(RecorderTest, TakesAlongWhatArrivesWhileItWaitsForItsTurn) {
  Add({"https://h/1"});
  int asked = 0;
  recorder_.Flush([&] {
    ++asked;
    for (int i = 2; i <= 100; ++i) Add({"https://h/" + std::to_string(i)});
  });
  EXPECT_EQ(asked, 1);
  EXPECT_TRUE(recorder_.empty());
  ASSERT_EQ(replies_.size(), 100U);
  EXPECT_EQ(replies_.back(), "recorded https://h/100#100");
  EXPECT_EQ(store_.appended.size(), 100U);
  EXPECT_EQ(std::count(store_.calls.begin(), store_.calls.end(), "sync"), 1);
}

TEST_F(RecorderTest, AnswersAllAsUnavailableWhereTheCommitFails) {
  store_.append_error = "disk full";
  Add({"https://h/1"});
  Add({"https://h/2", "https://h/3"});
  FlushQuietly();
  EXPECT_EQ(replies_, (Texts{"unavailable https://h/1", "unavailable https://h/2 https://h/3"}));
  EXPECT_EQ(store_.calls, (Texts{"append", "reply", "reply"}));
}

TEST_F(RecorderTest, AcknowledgesNothingWhereTheSyncFails) {
  store_.sync_error = "input/output error";
  Add({"https://h/1"});
  testing::internal::CaptureStderr();
  recorder_.Flush([this] { Add({"https://h/2"}); });
  testing::internal::GetCapturedStderr();
  EXPECT_EQ(replies_, (Texts{"unavailable https://h/1", "unavailable https://h/2"}));
}

TEST_F(RecorderTest, DoesNotTryAgainWhatItAnswered) {
  store_.append_error = "disk full";
  Add({"https://h/1"});
  FlushQuietly();
  EXPECT_TRUE(recorder_.empty());
  store_.append_error.clear();
  Add({"https://h/2"});
  FlushQuietly();
  EXPECT_EQ(store_.appended, Texts{"https://h/2"});
  EXPECT_EQ(replies_, (Texts{"unavailable https://h/1", "recorded https://h/2#1"}));
}

TEST_F(RecorderTest, SaysOnceThatTheStorageIsUnavailable) {
  store_.append_error = "disk full";
  testing::internal::CaptureStderr();
  for (int i = 0; i < 3; ++i) {
    Add({"https://h/"});
    recorder_.Flush([] {});
  }
  const std::string log = testing::internal::GetCapturedStderr();
  EXPECT_EQ(std::count(log.begin(), log.end(), '\n'), 1) << log;
  EXPECT_NE(log.find("disk full"), std::string::npos) << log;
}

TEST_F(RecorderTest, WakesMaintenanceWhereItIsDue) {
  Add({"https://h/1"});
  recorder_.Flush([] {});
  EXPECT_EQ(wakes_, 0);
  store_.maintenance_due = true;
  Add({"https://h/2"});
  recorder_.Flush([] {});
  EXPECT_EQ(wakes_, 1);
}

}  // namespace
}  // namespace page_count
