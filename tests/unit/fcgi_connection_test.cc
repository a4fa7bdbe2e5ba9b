#include "worker/http/fcgi_connection.h"

#include <gtest/gtest.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace page_count {
namespace {

// The records of the FastCGI specification that a request is made of.
enum class Type : char { kBeginRequest = 1, kParams = 4, kStdin = 5 };

std::string Record(Type type, std::string_view content) {
  const auto byte = [](size_t number) { return static_cast<char>(number & 0xff); };
  std::string record{1, static_cast<char>(type), 0, 1, byte(content.size() >> 8), byte(content.size()), 0, 0};
  return record.append(content);
}

std::string Parameter(std::string_view name, std::string_view value) {
  std::string parameter{static_cast<char>(name.size()), static_cast<char>(value.size())};
  return parameter.append(name).append(value);
}

std::string Post(std::string_view path, std::string_view body, bool keep_connection = true) {
  constexpr size_t kLongestContent = 60'000;
  const std::string responder{0, 1, static_cast<char>(keep_connection), 0, 0, 0, 0, 0};
  std::string request = Record(Type::kBeginRequest, responder);
  request += Record(Type::kParams, Parameter("REQUEST_METHOD", "POST") + Parameter("DOCUMENT_URI", path));
  request += Record(Type::kParams, {});
  for (; !body.empty(); body.remove_prefix(std::min(body.size(), kLongestContent))) {
    request += Record(Type::kStdin, body.substr(0, kLongestContent));
  }
  return request + Record(Type::kStdin, {});
}

Response Answer(std::string body) {
  Response response;
  response.body = std::move(body);
  return response;
}

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
  std::string Sent() const {
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
    ASSERT_TRUE(connection_->Send(Answer("answer" + number), false));
    EXPECT_NE(Sent().find("answer" + number), std::string::npos);
  }
}

// For nginx, that its request is read is an event of no use, unless it comes with the answer.
TEST_F(FcgiConnectionTest, LeavesARequestInTheSocketUntilItIsAnswered) {
  const std::string post = Post("/", "body");
  Write(post);
  ASSERT_TRUE(connection_->Receive(request_));
  EXPECT_EQ(Waiting(sockets_[0]), static_cast<int>(post.size()));
  ASSERT_TRUE(connection_->Send(Answer("answer"), false));
  EXPECT_EQ(Waiting(sockets_[0]), 0);
}

TEST_F(FcgiConnectionTest, TakesOnlyTheAnsweredRequestOutOfTheSocket) {
  Write(Post("/first", "body"));
  ASSERT_TRUE(connection_->Receive(request_));
  const std::string second = Post("/second", "body");
  Write(second);
  ASSERT_TRUE(connection_->Send(Answer("answer"), false));
  EXPECT_EQ(Waiting(sockets_[0]), static_cast<int>(second.size()));
  Request request;
  ASSERT_TRUE(connection_->Receive(request));
  EXPECT_EQ(request.path, "/second");
}

TEST_F(FcgiConnectionTest, ReadsABodyOfManyReads) {
  std::string body(300'000, '.');
  for (size_t i = 0; i < body.size(); ++i) body[i] = static_cast<char>('a' + i % 23);
  std::thread peer([&] { Write(Post("/", body)); });  // more than a socket holds
  const bool received = connection_->Receive(request_);
  peer.join();
  ASSERT_TRUE(received);
  EXPECT_EQ(request_.body, body);
  EXPECT_EQ(Waiting(sockets_[0]), 0);
  EXPECT_TRUE(connection_->Send(Answer("answer"), false));
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
  ASSERT_TRUE(connection_->Send(Answer("answer"), false));
  EXPECT_EQ(Waiting(sockets_[0]), 0);
}

TEST_F(FcgiConnectionTest, IsOverOnceThePeerHasClosed) {
  Close();
  EXPECT_FALSE(connection_->Receive(request_));
}

TEST_F(FcgiConnectionTest, IsOverWhereThePeerClosesBeforeTheAnswer) {
  std::signal(SIGPIPE, SIG_IGN);
  Write(Post("/", "body"));
  ASSERT_TRUE(connection_->Receive(request_));
  Close();
  EXPECT_FALSE(connection_->Send(Answer("answer"), false));
}

// A peer that did not ask to keep the connection waits for its end.
TEST_F(FcgiConnectionTest, IsOverOnceARequestThatDoesNotKeepItIsAnswered) {
  Write(Post("/", "body", false));
  ASSERT_TRUE(connection_->Receive(request_));
  EXPECT_FALSE(connection_->Send(Answer("answer"), false));
  EXPECT_NE(Sent().find("answer"), std::string::npos);
  EXPECT_EQ(Waiting(sockets_[0]), 0);
}

}  // namespace
}  // namespace page_count
