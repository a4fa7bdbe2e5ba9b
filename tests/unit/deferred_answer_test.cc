#include "worker/server/deferred_answer.h"

#include <gtest/gtest.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include "tests/unit/fake_visit_store.h"
#include "tests/unit/fastcgi_request.h"

namespace page_count {
namespace {

using Progress = DeferredAnswer::Progress;

// So many pieces of so many bytes.
Deferred Pieces(int pieces, size_t bytes) {
  return {[pieces, bytes](VisitStore&) {
    Response response;
    response.next_piece = [left = pieces, bytes](VisitStore&, std::string& text) mutable {
      if (left > 0) text.append(bytes, 'b');
      return --left > 0;
    };
    return response;
  }};
}

class DeferredAnswerTest : public testing::Test {
 protected:
  DeferredAnswerTest() {
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets_), 0);
    connection_ = std::make_unique<FcgiConnection>(sockets_[0]);
    const std::string post = Post("/", "body");
    EXPECT_EQ(write(sockets_[1], post.data(), post.size()), static_cast<ssize_t>(post.size()));
    EXPECT_EQ(connection_->Receive(request_), FcgiConnection::Received::kRequest);
  }
  ~DeferredAnswerTest() override { Close(); }

  DeferredAnswer Begin(Deferred deferred, bool without_body = false) {
    return {std::move(deferred), without_body, *connection_, storage_health_};
  }
  std::string Arrived() const {
    int bytes = 0;
    EXPECT_EQ(ioctl(sockets_[1], FIONREAD, &bytes), 0);
    std::string arrived(static_cast<size_t>(bytes), '\0');
    EXPECT_EQ(read(sockets_[1], arrived.data(), arrived.size()), static_cast<ssize_t>(arrived.size()));
    return arrived;
  }
  void Close() {
    if (sockets_[1] >= 0) close(std::exchange(sockets_[1], -1));
  }

  static constexpr const char* kHead =
      "Status: 200 OK\r\nContent-Type: application/json\r\nCache-Control: no-store\r\n\r\n";

  int sockets_[2] = {-1, -1};
  std::unique_ptr<FcgiConnection> connection_;
  Request request_;
  FakeVisitStore store_;
  StorageHealth storage_health_;
};

TEST_F(DeferredAnswerTest, IsComputedAndSent) {
  auto answer = Begin({[](VisitStore&) { return Ok("figures"); }});
  EXPECT_EQ(answer.Continue(store_), Progress::kDone);
  const std::string arrived = Arrived();
  EXPECT_NE(arrived.find("figures"), std::string::npos);
  EXPECT_TRUE(arrived.ends_with(EndOfAnswer()));
}

TEST_F(DeferredAnswerTest, IsSentAPieceAtATime) {
  auto answer = Begin(Pieces(3, 10));
  EXPECT_EQ(answer.Continue(store_), Progress::kMore);
  EXPECT_EQ(Arrived(), Record(FastCgiRecord::kStdout, kHead + std::string(10, 'b')));
  EXPECT_EQ(answer.Continue(store_), Progress::kMore);
  EXPECT_EQ(Arrived(), Record(FastCgiRecord::kStdout, std::string(10, 'b')));
  EXPECT_EQ(answer.Continue(store_), Progress::kDone);
  EXPECT_EQ(Arrived(), Record(FastCgiRecord::kStdout, std::string(10, 'b')) + EndOfAnswer());
}

TEST_F(DeferredAnswerTest, OfEmptyPiecesHasNoRecordThatWouldEndIt) {
  auto answer = Begin(Pieces(3, 0));
  EXPECT_EQ(answer.Continue(store_), Progress::kMore);
  EXPECT_EQ(answer.Continue(store_), Progress::kMore);
  EXPECT_EQ(answer.Continue(store_), Progress::kDone);
  EXPECT_EQ(Arrived(), Record(FastCgiRecord::kStdout, kHead) + EndOfAnswer());
}

TEST_F(DeferredAnswerTest, WithoutABodyMakesNone) {
  Deferred deferred{[](VisitStore&) {
    Response response;
    response.next_piece = [](VisitStore&, std::string&) -> bool { throw std::logic_error("nobody wants it"); };
    return response;
  }};
  auto answer = Begin(std::move(deferred), true);
  EXPECT_EQ(answer.Continue(store_), Progress::kDone);
  EXPECT_EQ(Arrived(), Record(FastCgiRecord::kStdout, kHead) + EndOfAnswer());
}

TEST_F(DeferredAnswerTest, StallsWhileItsReaderIsSlowAndMakesNoMoreThanAPieceMeanwhile) {
  auto answer = Begin(Pieces(20, 100'000));
  size_t arrived = 0;
  int stalls = 0;
  std::string last;
  for (auto progress = answer.Continue(store_); progress != Progress::kDone; progress = answer.Continue(store_)) {
    ASSERT_NE(progress, Progress::kOver);
    if (progress == Progress::kMore) continue;
    ++stalls;
    EXPECT_EQ(answer.Continue(store_), Progress::kStalled) << "nobody has read";
    last = Arrived();
    arrived += last.size();
  }
  arrived += Arrived().size();
  EXPECT_GT(stalls, 3);
  EXPECT_GT(arrived, 2'000'000U);
  EXPECT_LT(arrived, 2'010'000U);
}

TEST_F(DeferredAnswerTest, IsNotBegunIfThePeerIsGoneByThen) {
  Close();
  auto answer = Begin({[](VisitStore&) -> Response { throw std::logic_error("nobody wants it"); }});
  EXPECT_EQ(answer.Continue(store_), Progress::kOver);
}

TEST_F(DeferredAnswerTest, IsOverOnceThePeerIsGone) {
  auto answer = Begin(Pieces(1'000, 1'000));
  EXPECT_EQ(answer.Continue(store_), Progress::kMore);
  Close();
  EXPECT_EQ(answer.Continue(store_), Progress::kOver);
}

TEST_F(DeferredAnswerTest, ThatFailsAtItsStartSaysSo) {
  Deferred deferred{[](VisitStore&) {
    Response response;
    response.next_piece = [](VisitStore&, std::string&) -> bool { throw StoreError("the disk is gone"); };
    return response;
  }};
  testing::internal::CaptureStderr();
  auto answer = Begin(std::move(deferred));
  EXPECT_EQ(answer.Continue(store_), Progress::kDone);
  testing::internal::GetCapturedStderr();
  const std::string arrived = Arrived();
  EXPECT_NE(arrived.find("Status: 503"), std::string::npos) << arrived;
  EXPECT_EQ(arrived.find("disk"), std::string::npos) << arrived;
}

TEST_F(DeferredAnswerTest, ThatFailsHalfWayIsCutOffWhichTheLogSays) {
  Deferred deferred{[](VisitStore&) {
    Response response;
    response.next_piece = [is_first = true](VisitStore&, std::string& text) mutable {
      if (!std::exchange(is_first, false)) throw StoreError("the disk is gone");
      text.append(50'000, 'b');
      return true;
    };
    return response;
  }};
  testing::internal::CaptureStderr();
  auto answer = Begin(std::move(deferred));
  EXPECT_EQ(answer.Continue(store_), Progress::kMore);
  EXPECT_EQ(answer.Continue(store_), Progress::kOver);
  EXPECT_NE(testing::internal::GetCapturedStderr().find("cut off: the disk is gone"), std::string::npos);
  const std::string arrived = Arrived();
  EXPECT_NE(arrived.find("bbb"), std::string::npos);
  EXPECT_EQ(arrived.find(EndOfAnswer()), std::string::npos) << "it must not look whole";
}

}  // namespace
}  // namespace page_count
