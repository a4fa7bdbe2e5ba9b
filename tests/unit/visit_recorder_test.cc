#include "worker/ingest/visit_recorder.h"

#include <gtest/gtest.h>
#include <poll.h>

#include <optional>
#include <string>
#include <vector>

#include "tests/unit/fake_rate_limiter.h"
#include "tests/unit/fake_visit_store.h"

namespace page_count {
namespace {

using Texts = std::vector<std::string>;

std::string TextOf(const RecordOutcome& outcome) {
  if (outcome.unavailable()) return "unavailable";
  if (outcome.limited()) return "limited for " + std::to_string(outcome.retry_after().count()) + " ms";
  std::string text =
      std::to_string(outcome.recorded()) + " recorded, " + std::to_string(outcome.refused()) + " refused";
  if (outcome.duplicates() > 0) return text + ", " + std::to_string(outcome.duplicates()) + " duplicates";
  if (outcome.recorded() == 1) {
    text += ": " + outcome.visit().url.text() + '#' + std::to_string(outcome.receipt().page_visits);
  }
  return text;
}

class VisitRecorderTest : public testing::Test {
 protected:
  // A request of one client. What it is answered goes to `sent_`.
  void Request(const Texts& urls) {
    std::vector<Visit> visits;
    for (const std::string& url : urls) visits.push_back({*TrackedUrl::Parse(url), "192.0.2.1", "agent"});
    Record(std::move(visits));
  }
  void RequestWithIds(const Texts& ids) {
    std::vector<Visit> visits;
    for (const std::string& id : ids) {
      visits.push_back({.url = *TrackedUrl::Parse("https://h/a"), .ip = "192.0.2.1", .user_agent = "agent"});
      visits.back().request_id = id;
    }
    Record(std::move(visits));
  }
  void Record(std::vector<Visit> visits) {
    visit_recorder_.Record(
        RecordVisits(std::move(visits), Limit::kBulk, [](const RecordOutcome& outcome) { return Ok(TextOf(outcome)); }),
        [this](const Response& response) { sent_ = response.body; });
  }
  // What the event loop does until a commit is done.
  void Commit() {
    group_commit_.Flush(1);
    if (!group_commit_.under_way_since()) return;
    pollfd done{group_commit_.done_descriptor(), POLLIN, 0};
    ASSERT_EQ(poll(&done, 1, 20'000), 1);
    group_commit_.Complete();
  }

  FakeVisitStore store_;
  FakeRateLimiter limiter_;
  StorageHealth storage_health_;
  Admission admission_{limiter_, {.bulk = 2}};
  GroupCommit group_commit_{store_, storage_health_, [](bool) {}};
  VisitRecorder visit_recorder_{admission_, group_commit_};
  std::optional<std::string> sent_;
};

TEST_F(VisitRecorderTest, RespondsOnceTheVisitIsDurable) {
  store_.before_sync = [this] { EXPECT_EQ(sent_, std::nullopt); };
  Request({"https://h/a"});
  EXPECT_EQ(sent_, std::nullopt);
  Commit();
  EXPECT_EQ(sent_, "1 recorded, 0 refused: https://h/a#1");
  EXPECT_EQ(limiter_.VisitsCounted(), 1U);
}

TEST_F(VisitRecorderTest, CommitsTheVisitsThatAreAdmittedFirstComeFirst) {
  Request({"https://h/a", "https://h/b", "https://h/a", "https://h/a", "https://h/c"});
  Commit();
  EXPECT_EQ(sent_, "4 recorded, 1 refused");
  EXPECT_EQ(store_.committed, (Texts{"https://h/a", "https://h/b", "https://h/a", "https://h/c"}));
  EXPECT_EQ(limiter_.limits.size(), 1U) << "one call of the limiter";
}

TEST_F(VisitRecorderTest, RespondsAtOnceIfAllAreRefused) {
  limiter_.visits[{"192.0.2.1", "https://h/a"}] = 2;
  limiter_.retry_after = std::chrono::milliseconds(1'234);
  Request({"https://h/a", "https://h/a"});
  EXPECT_EQ(sent_, "limited for 1234 ms");
  EXPECT_TRUE(store_.calls.empty());
  EXPECT_EQ(limiter_.VisitsCounted(), 2U);
}

TEST_F(VisitRecorderTest, RespondsAtOnceToNoVisits) {
  Request({});
  EXPECT_EQ(sent_, "0 recorded, 0 refused");
  EXPECT_TRUE(limiter_.limits.empty());
  EXPECT_TRUE(store_.calls.empty());
}

TEST_F(VisitRecorderTest, RefundsWhatCouldNotBeCommitted) {
  for (std::string* error : {&store_.commit_error, &store_.sync_error}) {
    testing::internal::CaptureStderr();
    *error = "disk full";
    Request({"https://h/a", "https://h/b"});
    Commit();
    EXPECT_EQ(sent_, "unavailable");
    EXPECT_EQ(limiter_.VisitsCounted(), 0U);
    error->clear();
    testing::internal::GetCapturedStderr();
  }
}

TEST_F(VisitRecorderTest, RecordsNothingIfTheLimiterIsUnavailable) {
  for (const size_t decides : {0U, 1U}) {
    limiter_.decides = decides;
    sent_.reset();
    Request({"https://h/a", "https://h/b"});
    EXPECT_EQ(sent_, "unavailable");
    EXPECT_EQ(limiter_.VisitsCounted(), 0U) << "what was admitted is refunded";
    EXPECT_TRUE(store_.calls.empty());
  }
}

TEST_F(VisitRecorderTest, WaitsForALimiterThatDecidesLater) {
  limiter_.decides_later = true;
  Request({"https://h/a", "https://h/b"});
  EXPECT_EQ(sent_, std::nullopt);
  group_commit_.Flush(1);
  EXPECT_TRUE(store_.calls.empty()) << "nothing is to be committed yet";
  limiter_.answer_later();
  Commit();
  EXPECT_EQ(sent_, "2 recorded, 0 refused");
}

// A request of visits with ids. The store says of the first that it was recorded before.
TEST_F(VisitRecorderTest, RefundsWhatWasRecordedBefore) {
  store_.recorded_ids = {"request 1"};
  RequestWithIds({"request 1", "request 2"});
  Commit();
  EXPECT_EQ(sent_, "1 recorded, 0 refused, 1 duplicates");
  EXPECT_EQ(limiter_.VisitsCounted(), 1U);
}

TEST_F(VisitRecorderTest, LooksForAVisitThatTheLimiterRefuses) {
  limiter_.visits[{"192.0.2.1", "https://h/a"}] = 2;
  limiter_.retry_after = std::chrono::milliseconds(1'234);
  store_.recorded_ids = {"request 1"};
  RequestWithIds({"request 1", "request 2"});
  Commit();
  EXPECT_EQ(sent_, "0 recorded, 1 refused, 1 duplicates");
  RequestWithIds({"request 3"});
  Commit();
  EXPECT_EQ(sent_, "limited for 1234 ms");
  EXPECT_TRUE(store_.committed.empty());
  EXPECT_EQ(limiter_.VisitsCounted(), 2U);
}

TEST_F(VisitRecorderTest, RefundsOnlyWhatWasAdmittedIfTheStorageFails) {
  testing::internal::CaptureStderr();
  limiter_.visits[{"192.0.2.1", "https://h/a"}] = 1;
  store_.commit_error = "disk full";
  RequestWithIds({"request 1", "request 2"});
  Commit();
  EXPECT_EQ(sent_, "unavailable");
  EXPECT_EQ(limiter_.VisitsCounted(), 1U);
  testing::internal::GetCapturedStderr();
}

}  // namespace
}  // namespace page_count
