#include "worker/server/fcgi_connection.h"

#include <gtest/gtest.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "tests/unit/fastcgi_request.h"

namespace page_count {
namespace {

Response Answer(std::string body) {
  Response response;
  response.body = std::move(body);
  return response;
}

using Sent = FcgiConnection::Sent;

class FcgiConnectionTest : public testing::Test {
 protected:
  FcgiConnectionTest() {
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets_), 0);
    connection_ = std::make_unique<FcgiConnection>(sockets_[0]);
  }
  ~FcgiConnectionTest() override {
    if (sockets_[1] >= 0) close(sockets_[1]);
  }

  void Write(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t written = write(sockets_[1], bytes.data(), bytes.size());
      ASSERT_GT(written, 0);
      bytes.remove_prefix(static_cast<size_t>(written));
    }
  }
  // All that the connection has sent so far.
  std::string Arrived() const {
    std::string sent(static_cast<size_t>(Waiting(sockets_[1])), '\0');
    EXPECT_EQ(read(sockets_[1], sent.data(), sent.size()), static_cast<ssize_t>(sent.size()));
    return sent;
  }
  static int Waiting(int socket) {
    int bytes = 0;
    EXPECT_EQ(ioctl(socket, FIONREAD, &bytes), 0);
    return bytes;
  }
  void Close() { close(std::exchange(sockets_[1], -1)); }

  int sockets_[2] = {-1, -1};
  std::unique_ptr<FcgiConnection> connection_;
  Request request_;
};

TEST_F(FcgiConnectionTest, AnswersOneRequestAfterTheOther) {
  for (const std::string number : {"1", "2", "3"}) {
    Write(Post("/path" + number, "body" + number));
    Request request;
    ASSERT_TRUE(connection_->Receive(request));
    EXPECT_EQ(request.method, "POST");
    EXPECT_EQ(request.path, "/path" + number);
    EXPECT_EQ(request.body, "body" + number);
    ASSERT_EQ(connection_->Send(Answer("answer" + number), true, false), Sent::kAll);
    const std::string sent = Arrived();
    EXPECT_NE(sent.find("answer" + number), std::string::npos);
    EXPECT_TRUE(sent.ends_with(EndOfAnswer()));
  }
}

TEST_F(FcgiConnectionTest, AnswersARequestThatItHasForgotten) {
  for (const std::string number : {"1", "2", "3"}) {
    Write(Post("/path" + number, "body" + number));
    Request request;
    ASSERT_TRUE(connection_->Receive(request));
    connection_->Release(request);
    EXPECT_EQ(request.path.data(), nullptr);
    EXPECT_EQ(request.body, "");
    EXPECT_EQ(Waiting(sockets_[1]), 0) << "nothing is sent before the answer";
    ASSERT_EQ(connection_->Send(Answer("answer" + number), true, false), Sent::kAll);
    const std::string sent = Arrived();
    EXPECT_NE(sent.find("answer" + number), std::string::npos);
    EXPECT_TRUE(sent.ends_with(EndOfAnswer()));
  }
}

TEST_F(FcgiConnectionTest, ReadsABodyOfManyReads) {
  std::string body(300'000, '.');
  for (size_t i = 0; i < body.size(); ++i) body[i] = static_cast<char>('a' + i % 23);
  std::thread peer([&] { Write(Post("/", body)); });  // more than a socket holds
  while (Waiting(sockets_[0]) == 0) std::this_thread::yield();
  const bool received = connection_->Receive(request_);
  peer.join();
  ASSERT_TRUE(received);
  EXPECT_EQ(request_.body, body);
  EXPECT_EQ(Waiting(sockets_[0]), 0);
  EXPECT_EQ(connection_->Send(Answer("answer"), true, false), Sent::kAll);
}

TEST_F(FcgiConnectionTest, ReadsARequestAsLongAsLibfcgisBufferAndAByteMore) {
  constexpr size_t kBufferBytes = 8'192;
  for (const size_t bytes : {kBufferBytes - 1, kBufferBytes, kBufferBytes + 1}) {
    const std::string body(bytes - Post("/", {}).size() - Record(FastCgiRecord::kStdin, {}).size(), 'b');
    const std::string post = Post("/", body);
    ASSERT_EQ(post.size(), bytes);
    Write(post);
    Request request;
    ASSERT_TRUE(connection_->Receive(request));
    EXPECT_EQ(request.body, body);
    ASSERT_EQ(connection_->Send(Answer("answer"), true, false), Sent::kAll);
    EXPECT_EQ(Waiting(sockets_[0]), 0);
    EXPECT_NE(Arrived().find("answer"), std::string::npos);
  }
}

TEST_F(FcgiConnectionTest, WaitsForARequestThatComesInPieces) {
  const std::string post = Post("/path", "body");
  Write(post.substr(0, 20));
  std::thread peer([&] {
    while (Waiting(sockets_[0]) > 0) std::this_thread::yield();  // it has read the first piece, and waits
    Write(post.substr(20));
  });
  const bool received = connection_->Receive(request_);
  peer.join();
  ASSERT_TRUE(received);
  EXPECT_EQ(request_.path, "/path");
  EXPECT_EQ(request_.body, "body");
  ASSERT_EQ(connection_->Send(Answer("answer"), true, false), Sent::kAll);
  EXPECT_EQ(Waiting(sockets_[0]), 0);
}

TEST_F(FcgiConnectionTest, IsOverIfThePeerClosesHalfWayThroughARequest) {
  Write(Post("/path", "body").substr(0, 20));
  Close();
  EXPECT_TRUE(connection_->HasInput());
  EXPECT_FALSE(connection_->Receive(request_));
}

TEST_F(FcgiConnectionTest, HasNoInputOnceThePeerHasClosed) {
  EXPECT_FALSE(connection_->HasInput());
  Write(Post("/path", "body"));
  Close();
  EXPECT_TRUE(connection_->HasInput()) << "the request is served though its sender is gone";
  EXPECT_TRUE(connection_->Receive(request_));
  EXPECT_FALSE(connection_->HasInput());
}

TEST_F(FcgiConnectionTest, IsOverWhereThePeerClosesBeforeTheAnswer) {
  Write(Post("/", "body"));
  ASSERT_TRUE(connection_->Receive(request_));
  Close();
  EXPECT_EQ(connection_->Send(Answer("answer"), true, false), Sent::kOver);
}

TEST_F(FcgiConnectionTest, NeverWaitsForItsReaderAndSendsTheRestOnceItReads) {
  const std::string body(1'000'000, 'b');
  Write(Post("/", "body"));
  ASSERT_TRUE(connection_->Receive(request_));
  auto sent = connection_->Send(Answer(body), true, false);
  ASSERT_EQ(sent, Sent::kPart);
  EXPECT_EQ(connection_->Resume(), Sent::kPart) << "nobody has read";
  std::string arrived;
  while (sent == Sent::kPart) {
    arrived += Arrived();
    sent = connection_->Resume();
  }
  EXPECT_EQ(sent, Sent::kAll);
  arrived += Arrived();
  EXPECT_GE(std::count(arrived.begin(), arrived.end(), 'b'), 1'000'000);
  EXPECT_TRUE(arrived.ends_with(EndOfAnswer()));
  Write(Post("/next", "body"));
  Request next;
  ASSERT_TRUE(connection_->Receive(next));
  EXPECT_EQ(next.path, "/next");
}

TEST_F(FcgiConnectionTest, IsOverWhereThePeerClosesWhileItsAnswerIsKept) {
  Write(Post("/", "body"));
  ASSERT_TRUE(connection_->Receive(request_));
  ASSERT_EQ(connection_->Send(Answer(std::string(1'000'000, 'b')), true, false), Sent::kPart);
  Close();
  EXPECT_EQ(connection_->Resume(), Sent::kOver);
}

TEST_F(FcgiConnectionTest, WithoutABodyTheHeadIsTheSame) {
  Response empty;
  empty.status = 204;
  empty.content_type = {};
  const std::string json = "Content-Type: application/json\r\n";
  const std::string no_store = "Cache-Control: no-store\r\n";
  struct Case {
    Response response;
    bool is_whole;
    std::string head;
  };
  const Case cases[] = {
      {Answer("answer"), true, "Status: 200 OK\r\n" + json + no_store + "Content-Length: 6\r\n\r\n"},
      {Answer("the first piece"), false, "Status: 200 OK\r\n" + json + no_store + "\r\n"},
      {empty, true, "Status: 204 No Content\r\n" + no_store + "\r\n"},
  };
  for (const auto& [response, is_whole, head] : cases) {
    Write(Post("/", "body"));
    Request request;
    ASSERT_TRUE(connection_->Receive(request));
    ASSERT_EQ(connection_->Send(response, is_whole, true), Sent::kAll);
    EXPECT_EQ(Arrived(), Record(FastCgiRecord::kStdout, head) + EndOfAnswer());
  }
}

TEST_F(FcgiConnectionTest, SendsAnAnswerAPieceAtATime) {
  const std::string head = "Status: 200 OK\r\nContent-Type: application/json\r\nCache-Control: no-store\r\n\r\n";
  Write(Post("/", "body"));
  ASSERT_TRUE(connection_->Receive(request_));
  ASSERT_EQ(connection_->Send(Answer("first"), false, false), Sent::kAll);
  EXPECT_EQ(Arrived(), Record(FastCgiRecord::kStdout, head + "first"));
  ASSERT_EQ(connection_->SendNext("second", false), Sent::kAll);
  EXPECT_EQ(Arrived(), Record(FastCgiRecord::kStdout, "second"));
  ASSERT_EQ(connection_->SendNext("", false), Sent::kAll);
  EXPECT_EQ(Arrived(), "") << "an empty record would end the answer";
  ASSERT_EQ(connection_->SendNext("third", true), Sent::kAll);
  EXPECT_EQ(Arrived(), Record(FastCgiRecord::kStdout, "third") + EndOfAnswer());
}

// A peer that did not ask to keep the connection waits for its end.
TEST_F(FcgiConnectionTest, IsOverOnceARequestThatDoesNotKeepItIsAnswered) {
  Write(Post("/", "body", false));
  ASSERT_TRUE(connection_->Receive(request_));
  EXPECT_EQ(connection_->Send(Answer("answer"), true, false), Sent::kOver);
  EXPECT_NE(Arrived().find("answer"), std::string::npos);
  EXPECT_EQ(Waiting(sockets_[0]), 0);
}

}  // namespace
}  // namespace page_count
