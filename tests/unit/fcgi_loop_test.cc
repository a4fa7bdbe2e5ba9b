#include "worker/http/fcgi_loop.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/unit/fake_visit_store.h"
#include "tests/unit/fastcgi_request.h"
#include "tests/unit/gate.h"
#include "tests/unit/temporary_folder.h"

namespace page_count {
namespace {

constexpr int kDeadlineMs = 20'000;

// Records one visit, and answers with the request's body.
Answer RecordOf(const Request& request) {
  Recording recording;
  recording.visits.push_back({*TrackedUrl::Parse("https://h/"), "192.0.2.1", "agent"});
  recording.answer = [body = request.body](auto, auto) { return Ok("recorded " + body); };
  recording.answer_unavailable = [](auto) { return StorageUnavailable(); };
  return recording;
}

// A peer of the loop, as nginx is.
class Client {
 public:
  explicit Client(const sockaddr_un& address) : socket_(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    EXPECT_EQ(connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
  }
  ~Client() { Close(); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  void Write(const std::string& bytes) const {
    EXPECT_EQ(write(socket_, bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
  }
  // Reads until a text comes. False where the connection ends, or nothing comes for long.
  bool ReadUntil(const std::string& text) {
    while (read_.find(text) == std::string::npos) {
      pollfd ready{socket_, POLLIN, 0};
      if (poll(&ready, 1, kDeadlineMs) != 1) return false;
      std::string piece(4096, '\0');
      const ssize_t got = read(socket_, piece.data(), piece.size());
      if (got <= 0) return false;
      read_.append(piece, 0, static_cast<size_t>(got));
    }
    return true;
  }
  void Close() {
    if (socket_ >= 0) close(std::exchange(socket_, -1));
  }

 private:
  int socket_;
  std::string read_;
};

class FcgiLoopTest : public testing::Test {
 protected:
  FcgiLoopTest() : listening_(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    FcgiLoop::BlockSignals();
    const std::string path = folder_.File("socket");
    std::copy(path.begin(), path.end(), address_.sun_path);
    EXPECT_EQ(bind(listening_, reinterpret_cast<const sockaddr*>(&address_), sizeof(address_)), 0);
    EXPECT_EQ(listen(listening_, 8), 0);
    router_.Add({"/visit", Route::Visibility::kPublic, Route::Head::kNotAllowed, {{"POST", RecordOf}}});
    router_.Add({"/health", Route::Visibility::kPublic, Route::Head::kNotAllowed, {{"POST", [](const Request&) {
                                                                                      return Ok("healthy");
                                                                                    }}}});
    loop_ =
        std::make_unique<FcgiLoop>(listening_, std::chrono::seconds(20),
                                   FcgiLoop::Parts{router_, recorder_, threads_, outage_, accept_turn_, cpu_affinity_});
    thread_ = std::thread([this] { loop_->Run(); });
  }
  ~FcgiLoopTest() override {
    Stop();
    close(listening_);
  }

  // The visit "one"; its sync lasts until the gate is opened.
  void WriteVisitAndAwaitItsSync(const Client& client) {
    store_.before_sync = [this] { gate_.Pass(); };
    client.Write(Post("/visit", "one"));
    gate_.AwaitOneWhoWaits();
  }
  // On a connection of its own.
  void ExpectHealthy() {
    Client client(address_);
    client.Write(Post("/health", ""));
    EXPECT_TRUE(client.ReadUntil("healthy"));
  }
  // As SIGTERM asks: once all connections are closed.
  void Stop() {
    if (!thread_.joinable()) return;
    pthread_kill(thread_.native_handle(), SIGTERM);
    thread_.join();
  }

  TemporaryFolder folder_;
  int listening_;
  sockaddr_un address_{AF_UNIX, {}};
  Gate gate_;
  FakeVisitStore store_;
  Outage outage_;
  Router router_;
  DeferredThreads threads_{0, nullptr};
  AcceptTurn accept_turn_{folder_.File("turn"), 100};
  CpuAffinity cpu_affinity_{{}};
  Recorder recorder_{store_, outage_, [](bool) {}};
  std::unique_ptr<FcgiLoop> loop_;
  std::thread thread_;
};

TEST_F(FcgiLoopTest, AnswersAVisitOnceItIsDurableAndOthersMeanwhile) {
  Client visitor(address_);
  WriteVisitAndAwaitItsSync(visitor);
  ExpectHealthy();
  gate_.Open();
  EXPECT_TRUE(visitor.ReadUntil("recorded one"));
}

TEST_F(FcgiLoopTest, ServesWhatComesOnAConnectionWhileItsLastRequestIsRecorded) {
  Client client(address_);
  WriteVisitAndAwaitItsSync(client);
  client.Write(Post("/visit", "two"));
  ExpectHealthy();  // by then the loop has seen both
  gate_.Open();
  EXPECT_TRUE(client.ReadUntil("recorded one"));
  EXPECT_TRUE(client.ReadUntil("recorded two"));
}

TEST_F(FcgiLoopTest, ServesManyRequestsOfManyConnections) {
  constexpr int kConnections = 40;
  constexpr int kRequests = 50;
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < kConnections; ++i) clients.push_back(std::make_unique<Client>(address_));
  for (int request = 0; request < kRequests; ++request) {
    const std::string body = std::to_string(request) + ".";
    for (const auto& client : clients) client->Write(Post("/visit", body));
    for (const auto& client : clients) ASSERT_TRUE(client->ReadUntil("recorded " + body));
  }
  EXPECT_EQ(store_.appended.size(), static_cast<size_t>(kConnections * kRequests));
}

TEST_F(FcgiLoopTest, TakesARequestInTwoPieces) {
  Client client(address_);
  const std::string post = Post("/visit", "one");
  client.Write(post.substr(0, 20));
  client.Write(post.substr(20));
  EXPECT_TRUE(client.ReadUntil("recorded one"));
  client.Write(Post("/visit", "two"));
  EXPECT_TRUE(client.ReadUntil("recorded two"));
}

TEST_F(FcgiLoopTest, EndsAConnectionThatClosedWhileItsRequestWasRecorded) {
  Client client(address_);
  WriteVisitAndAwaitItsSync(client);
  client.Close();
  gate_.Open();
  Stop();
  EXPECT_EQ(loop_->unfinished(), 0U);
  EXPECT_EQ(store_.appended.size(), 1U);
}

}  // namespace
}  // namespace page_count
