#include "worker/server/fcgi_loop.h"

#include <gtest/gtest.h>
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
#include "tests/unit/fcgi_client.h"
#include "tests/unit/gate.h"
#include "tests/unit/temporary_folder.h"

namespace page_count {
namespace {

// Records one visit, and answers with the request's body.
Answer RecordOf(const Request& request) {
  Recording recording;
  recording.visits.push_back({*TrackedUrl::Parse("https://h/"), "192.0.2.1", "agent"});
  recording.answer = [body = request.body](auto, auto) { return Ok("recorded " + body); };
  recording.answer_unavailable = [](auto) { return StorageUnavailable(); };
  return recording;
}

// 40 MB in pieces.
Answer ExportOf(const Request&) {
  return Deferred{.run =
                      [](VisitStore&) {
                        Response response;
                        response.next_piece = [left = 400](VisitStore&, std::string& text) mutable {
                          text.append(100'000, 'e');
                          if (left == 1) text.append("the end");
                          return --left > 0;
                        };
                        return response;
                      },
                  .kind = Deferred::Kind::kExport};
}
Response Figures(VisitStore&) { return Ok("figures"); }
Response SayHealth(bool is_healthy) { return Ok(is_healthy ? "well" : "ill"); }

class FcgiLoopTest : public testing::Test {
 protected:
  FcgiLoopTest() : listening_(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    FcgiLoop::BlockSignals();
    const std::string path = folder_.File("socket");
    std::copy(path.begin(), path.end(), address_.sun_path);
    EXPECT_EQ(bind(listening_, reinterpret_cast<const sockaddr*>(&address_), sizeof(address_)), 0);
    EXPECT_EQ(listen(listening_, 8), 0);
    router_.Add({"/visit"}, {{"POST", RecordOf}});
    router_.Add({"/health"}, {{"POST", [](const Request&) { return Ok("healthy"); }}});
    router_.Add({"/export"}, {{"POST", ExportOf}});
    router_.Add({"/figures"}, {{"POST", [](const Request&) { return Deferred{Figures}; }}});
    router_.Add({"/asked"}, {{"POST", [](const Request&) { return HealthQuestion{SayHealth}; }}});
    const FcgiSessions::Parts sessions{router_,   group_commit_,   figures_, exports_,
                                       cleanups_, storage_health_, health_,  kReaderTimeout};
    acceptor_ = std::make_unique<Acceptor>(listening_, folder_.File("accept-lock"));
    loop_ = std::make_unique<FcgiLoop>(std::chrono::seconds(20), FcgiLoop::Parts{sessions, *acceptor_});
    thread_ = std::thread([this] { loop_->Run(); });
  }
  ~FcgiLoopTest() override {
    looks_.Open();
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
  void Stop(int signal = SIGTERM) {
    if (!thread_.joinable()) return;
    pthread_kill(thread_.native_handle(), signal);
    thread_.join();
  }

  TemporaryFolder folder_;
  int listening_;
  sockaddr_un address_{AF_UNIX, {}};
  Gate gate_;
  FakeVisitStore store_;
  StorageHealth storage_health_;
  Router<Answer> router_;
  static constexpr std::chrono::seconds kReaderTimeout{2};
  // Waits in its first write.
  std::unique_ptr<VisitStore> StoreThatHangs() {
    auto store = std::make_unique<FakeVisitStore>();
    store->before_probe_writing = [this] { looks_.Pass(); };
    return store;
  }
  static std::unique_ptr<VisitStore> OpenFake() { return std::make_unique<FakeVisitStore>(); }

  Gate looks_;
  HealthProbe health_{StoreThatHangs(), storage_health_, {[] { return std::nullopt; }, [] { return int64_t{0}; }}};
  DeferredThreads figures_{1, OpenFake};
  DeferredThreads exports_{1, OpenFake};
  DeferredThreads cleanups_{1, OpenFake};
  std::unique_ptr<Acceptor> acceptor_;
  GroupCommit group_commit_{store_, storage_health_, [](bool) {}};
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
  EXPECT_EQ(store_.committed.size(), static_cast<size_t>(kConnections * kRequests));
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

class FcgiLoopStopTest : public FcgiLoopTest, public testing::WithParamInterface<int> {};

TEST_P(FcgiLoopStopTest, ServesTheConnectionsThatItHasBeforeItEnds) {
  Client client(address_);
  WriteVisitAndAwaitItsSync(client);
  std::thread stopping([this] { Stop(GetParam()); });
  gate_.Open();
  EXPECT_TRUE(client.ReadUntil("recorded one"));
  client.Close();
  stopping.join();
  EXPECT_EQ(loop_->unfinished(), 0U);
}

// Whatever multiwatch sends, which is not always what it was asked to send.
INSTANTIATE_TEST_SUITE_P(EverySignalThatAsksForIt, FcgiLoopStopTest,
                         testing::Values(SIGTERM, SIGINT, SIGQUIT, SIGHUP, SIGUSR1));

TEST_F(FcgiLoopTest, EndsAConnectionThatClosedWhileItsRequestWasRecorded) {
  Client client(address_);
  WriteVisitAndAwaitItsSync(client);
  client.Close();
  gate_.Open();
  Stop();
  EXPECT_EQ(loop_->unfinished(), 0U);
  EXPECT_EQ(store_.committed.size(), 1U);
}

TEST_F(FcgiLoopTest, ReadersThatAreSlowHoldNoThread) {
  std::vector<std::unique_ptr<Client>> readers;
  for (int i = 0; i < 20; ++i) {
    readers.push_back(std::make_unique<Client>(address_));
    readers.back()->Write(Post("/export", ""));
    ASSERT_TRUE(readers.back()->ReadUntil("eee")) << i;
  }
  Client client(address_);
  client.Write(Post("/figures", ""));
  EXPECT_TRUE(client.ReadUntil("figures"));
  EXPECT_TRUE(readers.front()->ReadUntil("the end"));
  EXPECT_TRUE(readers.back()->ReadUntil("the end"));
  readers.front()->Write(Post("/figures", ""));
  EXPECT_TRUE(readers.front()->ReadUntil("figures")) << "the connection goes on";
}

TEST_F(FcgiLoopTest, CutsAReaderOffThatTakesNothingAndSaysSo) {
  testing::internal::CaptureStderr();
  Client reader(address_);
  reader.Write(Post("/export", ""));
  ASSERT_TRUE(reader.ReadUntil("eee"));
  const auto start = std::chrono::steady_clock::now();
  Client other(address_);
  other.Write(Post("/export", ""));
  EXPECT_TRUE(other.ReadUntil("the end"));
  while (reader.IsOpen()) ASSERT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
  EXPECT_GE(std::chrono::steady_clock::now() - start, kReaderTimeout - std::chrono::milliseconds(100));
  EXPECT_TRUE(reader.Ends());
  Stop();
  const std::string log = testing::internal::GetCapturedStderr();
  EXPECT_EQ(std::count(log.begin(), log.end(), '\n'), 1) << log;
  EXPECT_NE(log.find("its reader has taken nothing for 2 s"), std::string::npos) << log;
}

TEST_F(FcgiLoopTest, RefusesMoreExportsThanItKeeps) {
  constexpr int kMost = 64;
  std::vector<std::unique_ptr<Client>> readers;
  for (int i = 0; i < kMost; ++i) {
    readers.push_back(std::make_unique<Client>(address_));
    readers.back()->Write(Post("/export", ""));
    ASSERT_TRUE(readers.back()->ReadUntil("eee")) << i;
  }
  Client one_more(address_);
  one_more.Write(Post("/export", ""));
  EXPECT_TRUE(one_more.ReadUntil("Status: 503"));
  EXPECT_TRUE(one_more.ReadUntil("Retry-After: "));
  one_more.Write(Post("/figures", ""));
  EXPECT_TRUE(one_more.ReadUntil("figures")) << "others are not refused";
  readers.front()->Close();  // which makes room
  const auto start = std::chrono::steady_clock::now();
  for (bool is_refused = true; is_refused;) {
    ASSERT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
    Client next(address_);
    next.Write(Post("/export", ""));
    ASSERT_TRUE(next.ReadUntil("Cache-Control"));
    is_refused = !next.ReadUntil("eee", 200);
  }
}

TEST_F(FcgiLoopTest, AnswersWhoAsksForTheHealthSoonThoughTheStorageDoesNotReturn) {
  looks_.AwaitOneWhoWaits();
  for (int i = 0; i < 3; ++i) {
    Client client(address_);
    const auto start = std::chrono::steady_clock::now();
    client.Write(Post("/asked", ""));
    EXPECT_TRUE(client.ReadUntil("ill"));
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
  }
  looks_.Open();
  Client client(address_);
  for (bool is_well = false; !is_well; is_well = client.ReadUntil("well", 200)) client.Write(Post("/asked", ""));
}

}  // namespace
}  // namespace page_count
