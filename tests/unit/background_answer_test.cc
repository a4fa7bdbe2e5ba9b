#include "worker/server/background_answer.h"

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include "tests/unit/fake_visit_store.h"

namespace page_count {
namespace {

using NextPiece = std::function<bool(VisitStore&, std::string&)>;

BackgroundJob Streamed(const NextPiece& next_piece) {
  return {.run = [next_piece](VisitStore&) { return StreamedResponse{Response{.status = 200}, next_piece}; }};
}
NextPiece Pieces(int pieces) {
  return [left = pieces](VisitStore&, std::string& text) mutable {
    text += "piece";
    return --left > 0;
  };
}

class BackgroundAnswerTest : public testing::Test {
 protected:
  BackgroundAnswer::Part Next(BackgroundAnswer& answer) { return answer.MakeNext(store_, storage_health_); }
  // What is logged meanwhile goes to `log_`.
  BackgroundAnswer::Part NextLogged(BackgroundAnswer& answer) {
    testing::internal::CaptureStderr();
    auto part = Next(answer);
    log_ = testing::internal::GetCapturedStderr();
    return part;
  }

  FakeVisitStore store_;
  StorageHealth storage_health_;
  std::string log_;
};

TEST_F(BackgroundAnswerTest, IsOnePartUnlessItIsStreamed) {
  BackgroundAnswer answer({.run = [](VisitStore&) { return Ok("figures"); }});
  const auto part = Next(answer);
  ASSERT_TRUE(part.response);
  EXPECT_EQ(part.response->body, "figures");
  EXPECT_TRUE(part.is_last);
  EXPECT_FALSE(part.is_cut_off);
}

TEST_F(BackgroundAnswerTest, HasItsHeadWithTheFirstPiece) {
  BackgroundAnswer answer(Streamed(Pieces(3)));
  auto part = Next(answer);
  ASSERT_TRUE(part.response);
  EXPECT_EQ(part.response->body, "piece");
  EXPECT_FALSE(part.is_last);
  part = Next(answer);
  EXPECT_FALSE(part.response);
  EXPECT_EQ(part.chunk, "piece");
  EXPECT_FALSE(part.is_last);
  part = Next(answer);
  EXPECT_EQ(part.chunk, "piece");
  EXPECT_TRUE(part.is_last);
}

TEST_F(BackgroundAnswerTest, OfOnePieceIsWhole) {
  BackgroundAnswer answer(Streamed(Pieces(1)));
  const auto part = Next(answer);
  EXPECT_EQ(part.response->body, "piece");
  EXPECT_TRUE(part.is_last);
}

TEST_F(BackgroundAnswerTest, FreesWhatItHoldsWithTheLastPart) {
  auto held = std::make_shared<int>();
  const std::weak_ptr<int> watched = held;
  NextPiece next = [held, left = 2](VisitStore&, std::string&) mutable { return --left > 0; };
  held.reset();
  auto job = Streamed(next);
  next = nullptr;
  BackgroundAnswer answer(std::move(job));
  Next(answer);
  EXPECT_FALSE(watched.expired());
  Next(answer);
  EXPECT_TRUE(watched.expired());
}

TEST_F(BackgroundAnswerTest, IsUnavailableIfTheStorageFailsAtItsStart) {
  BackgroundAnswer answer(Streamed([](VisitStore&, std::string& text) -> bool {
    text = "half a piece";
    throw StoreError("the disk is gone");
  }));
  const auto part = NextLogged(answer);
  ASSERT_TRUE(part.response);
  EXPECT_EQ(part.response->status, 503);
  EXPECT_EQ(part.response->body.find("disk"), std::string::npos);
  EXPECT_EQ(part.response->body.find("half"), std::string::npos);
  EXPECT_TRUE(part.is_last);
  EXPECT_FALSE(part.is_cut_off);
}

TEST_F(BackgroundAnswerTest, IsCutOffIfTheStorageFailsHalfWayWhichTheLogSays) {
  BackgroundAnswer answer(Streamed([is_first = true](VisitStore&, std::string&) mutable {
    if (!std::exchange(is_first, false)) throw StoreError("the disk is gone");
    return true;
  }));
  EXPECT_FALSE(Next(answer).is_last);
  const auto part = NextLogged(answer);
  EXPECT_TRUE(part.is_cut_off);
  EXPECT_NE(log_.find("cut off: the disk is gone"), std::string::npos) << log_;
}

TEST_F(BackgroundAnswerTest, LetsWhatIsNoStoreErrorThrough) {
  BackgroundAnswer answer({.run = [](VisitStore&) -> Response { throw std::logic_error("a broken invariant"); }});
  EXPECT_THROW(Next(answer), std::logic_error);
}

}  // namespace
}  // namespace page_count
