#include "worker/server/event_loop.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/unit/fake_rate_limiter.h"
#include "tests/unit/fake_visit_store.h"
#include "tests/unit/fastcgi_request.h"
#include "tests/unit/fcgi_client.h"
#include "tests/unit/gate.h"
#include "tests/unit/temporary_folder.h"
#include "worker/endpoints/endpoints.h"

namespace page_count {
namespace {

// Records one visit, and answers with the request's body.
EndpointResult RecordOf(const Request& request) {
  return RecordVisits(Visit{*TrackedUrl::Parse("https://h/"), "192.0.2.1", "agent"}, Limit::kSingle,
                      [body = request.body](const RecordOutcome& outcome) {
                        return Ok((outcome.limited() ? "refused " : "recorded ") + body);
                      });
}

BackgroundJob StreamOf(const std::function<bool(VisitStore&, std::string&)>& next_piece) {
  return {.run = [next_piece](VisitStore&) { return StreamedResponse{Response{.status = 200}, next_piece}; },
          .kind = BackgroundJob::Kind::kExport};
}
// 40 MB in pieces.
EndpointResult ExportOf(const Request&) {
  return StreamOf([left = 400](VisitStore&, std::string& text) mutable {
    text.append(100'000, 'e');
    if (left == 1) text.append("the end");
    return --left > 0;
  });
}
Response Figures(VisitStore&) { return Ok("figures"); }
Response SayHealth(bool is_healthy) { return Ok(is_healthy ? "well" : "ill"); }

class EventLoopTest : public testing::Test {
 protected:
  explicit EventLoopTest(std::chrono::seconds drain = std::chrono::seconds(20))
      : drain_(drain), listening_(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    EventLoop::BlockSignals();
    const std::string path = folder_.File("socket");
    std::copy(path.begin(), path.end(), address_.sun_path);
    EXPECT_EQ(bind(listening_, reinterpret_cast<const sockaddr*>(&address_), sizeof(address_)), 0);
    EXPECT_EQ(listen(listening_, 8), 0);
    router_.Add({"/visit"}, {{"POST", RecordOf}});
    router_.Add({"/health"}, {{"POST", [](const Request&) { return Ok("healthy"); }}});
    router_.Add({"/export"}, {{"POST", ExportOf}, {"GET", ExportOf}});
    router_.Add({"/figures"}, {{"POST", [](const Request&) { return BackgroundJob{Figures}; }}});
    router_.Add({"/held"}, {{"POST", [this](const Request&) {
                               return StreamOf([this](VisitStore&, std::string& text) {
                                 held_.Pass();
                                 text.append(100'000, 'h');
                                 return true;
                               });
                             }}});
    router_.Add({"/asked"}, {{"POST", [](const Request&) { return HealthQuestion{SayHealth}; }}});
  }
  void SetUp() override {
    acceptor_ = std::make_unique<Acceptor>(listening_, folder_.File("accept-lock"));
    loop_ = std::make_unique<EventLoop>(
        drain_, EventLoop::Parts{
                    {router_, visit_recorder_, group_commit_, storage_health_, health_, OpenFake, 1, kReaderTimeout},
                    *acceptor_});
    thread_ = std::thread([this] { has_ended_well_ = loop_->Run(); });
  }
  ~EventLoopTest() override {
    looks_.Open();
    held_.Open();
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

  // Waits in its first write.
  std::unique_ptr<VisitStore> StoreThatHangs() {
    auto store = std::make_unique<FakeVisitStore>();
    store->before_probe_writing = [this] { looks_.Pass(); };
    return store;
  }
  static std::unique_ptr<VisitStore> OpenFake() { return std::make_unique<FakeVisitStore>(); }

  static constexpr std::chrono::seconds kReaderTimeout{2};
  std::chrono::seconds drain_;
  TemporaryFolder folder_;
  int listening_;
  sockaddr_un address_{AF_UNIX, {}};
  Gate gate_;
  Gate looks_;
  Gate held_;
  FakeVisitStore store_;
  StorageHealth storage_health_;
  Router<EndpointResult> router_;
  HealthProbe health_{StoreThatHangs(), storage_health_, {[] { return std::nullopt; }, [] { return int64_t{0}; }}};
  std::unique_ptr<Acceptor> acceptor_;
  GroupCommit group_commit_{store_, storage_health_, [](bool) {}};
  FakeRateLimiter limiter_;
  Admission admission_{limiter_, {.single = 1'000'000, .bulk = 1'000'000}};
  VisitRecorder visit_recorder_{admission_, group_commit_};
  std::unique_ptr<EventLoop> loop_;
  bool has_ended_well_ = false;
  std::thread thread_;
};

TEST_F(EventLoopTest, AnswersAVisitOnceItIsDurableAndOthersMeanwhile) {
  Client visitor(address_);
  WriteVisitAndAwaitItsSync(visitor);
  ExpectHealthy();
  gate_.Open();
  EXPECT_TRUE(visitor.ReadUntil("recorded one"));
}

TEST_F(EventLoopTest, AnswersAVisitThatIsRefusedAtOnce) {
  limiter_.visits[{"192.0.2.1", "https://h/"}] = 1'000'000;
  Client client(address_);
  for (const std::string body : {"one", "two", "three"}) {
    client.Write(Post("/visit", body));
    EXPECT_TRUE(client.ReadUntil("refused " + body));
  }
  EXPECT_TRUE(store_.calls.empty());
}

TEST_F(EventLoopTest, ClosesAConnectionThatSpeaksBeforeItIsAnswered) {
  Client client(address_);
  WriteVisitAndAwaitItsSync(client);
  client.Write(Post("/visit", "two"));
  EXPECT_TRUE(client.Ends());
  gate_.Open();
  ExpectHealthy();
  Stop();
  EXPECT_EQ(store_.committed.size(), 1U);
}

TEST_F(EventLoopTest, ServesTheLastRequestOfAClientThatIsGone) {
  {
    Client client(address_);
    client.Write(Post("/visit", "one"));
  }
  ExpectHealthy();  // by then the loop has seen it
  Stop();
  EXPECT_EQ(store_.committed.size(), 1U);
}

TEST_F(EventLoopTest, ServesManyRequestsOfManyConnections) {
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

TEST_F(EventLoopTest, TakesARequestInTwoPieces) {
  Client client(address_);
  const std::string post = Post("/visit", "one");
  client.Write(post.substr(0, 20));
  client.Write(post.substr(20));
  EXPECT_TRUE(client.ReadUntil("recorded one"));
  client.Write(Post("/visit", "two"));
  EXPECT_TRUE(client.ReadUntil("recorded two"));
}

class EventLoopStopTest : public EventLoopTest, public testing::WithParamInterface<int> {};

TEST_P(EventLoopStopTest, ServesTheConnectionsThatItHasBeforeItEnds) {
  Client client(address_);
  WriteVisitAndAwaitItsSync(client);
  std::thread stopping([this] { Stop(GetParam()); });
  gate_.Open();
  EXPECT_TRUE(client.ReadUntil("recorded one"));
  client.Close();
  stopping.join();
  EXPECT_TRUE(has_ended_well_);
}

// Whatever multiwatch sends, which is not always what it was asked to send.
INSTANTIATE_TEST_SUITE_P(EverySignalThatAsksForIt, EventLoopStopTest,
                         testing::Values(SIGTERM, SIGINT, SIGQUIT, SIGHUP, SIGUSR1));

TEST_F(EventLoopTest, CommitsTheVisitOfAClientThatIsGone) {
  Client client(address_);
  WriteVisitAndAwaitItsSync(client);
  client.Close();
  ExpectHealthy();
  gate_.Open();
  Stop();
  EXPECT_TRUE(has_ended_well_);
  EXPECT_EQ(store_.committed.size(), 1U);
}

TEST_F(EventLoopTest, DropsWhatIsMadeForAClientThatIsGone) {
  Client gone(address_);
  gone.Write(Post("/held", ""));
  held_.AwaitOneWhoWaits();
  gone.Close();
  ExpectHealthy();
  held_.Open();
  Client next(address_);
  next.Write(Post("/export", ""));  // of which there is one thread
  EXPECT_TRUE(next.ReadUntil("eee"));
  ExpectHealthy();
}

TEST_F(EventLoopTest, AnswersHeadWithTheHeadAlone) {
  Client client(address_);
  client.Write(RequestBytes("HEAD", "/export", ""));
  EXPECT_TRUE(client.ReadUntil("\r\n\r\n" + EndOfAnswer()));
  client.Write(Post("/figures", ""));
  EXPECT_TRUE(client.ReadUntil("figures")) << "the connection goes on";
}

TEST_F(EventLoopTest, ReadersThatAreSlowHoldNoThread) {
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

TEST_F(EventLoopTest, CutsAReaderOffThatTakesNothingAndSaysSo) {
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

TEST_F(EventLoopTest, RefusesMoreExportsThanItKeeps) {
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

TEST_F(EventLoopTest, AnswersWhoAsksForTheHealthSoonThoughTheStorageDoesNotReturn) {
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

class EventLoopDrainTest : public EventLoopTest {
 protected:
  EventLoopDrainTest() : EventLoopTest(std::chrono::seconds(0)) {}
};

TEST_F(EventLoopDrainTest, SaysHowManyRequestsItLeavesUnfinished) {
  Client reader(address_);
  reader.Write(Post("/export", ""));
  ASSERT_TRUE(reader.ReadUntil("eee"));
  Client visitor(address_);
  WriteVisitAndAwaitItsSync(visitor);
  Client waiting(address_);
  waiting.Write(Post("/held", ""));
  held_.AwaitOneWhoWaits();
  testing::internal::CaptureStderr();
  Stop();
  const std::string log = testing::internal::GetCapturedStderr();
  EXPECT_TRUE(has_ended_well_);
  EXPECT_NE(log.find("ends with 3 requests unfinished\n"), std::string::npos) << log;
  std::thread opener([this] { held_.Open(); });
  loop_.reset();  // with the piece that is being made
  opener.join();
  EXPECT_TRUE(waiting.Ends());
  gate_.Open();
}

// What throws at each place where an exception may come to the loop, or through a thread to it.
class EventLoopEndTest : public EventLoopTest, public testing::WithParamInterface<std::string> {
 protected:
  static bool Throw() { throw std::logic_error("a broken invariant"); }

  EventLoopEndTest() {
    router_.Add({"/endpoint"}, {{"POST", [](const Request&) { return Throw() ? Ok("") : Ok(""); }}});
    router_.Add({"/limiter"}, {{"POST", [this](const Request& request) {
                                  limiter_.before_admit = [] { Throw(); };
                                  return RecordOf(request);
                                }}});
    router_.Add({"/answer"}, {{"POST", [](const Request& request) {
                                 auto result = RecordOf(request);
                                 std::get<RecordVisits>(result).respond = [](const RecordOutcome&) {
                                   return Throw() ? Ok("") : Ok("");
                                 };
                                 return result;
                               }}});
    router_.Add({"/sync"}, {{"POST", [this](const Request& request) {
                               store_.before_sync = [] { Throw(); };
                               return RecordOf(request);
                             }}});
    router_.Add({"/job"}, {{"POST", [](const Request&) {
                              return BackgroundJob{[](VisitStore&) { return Throw() ? Ok("") : Ok(""); }};
                            }}});
    router_.Add({"/piece"}, {{"POST", [](const Request&) {
                                return StreamOf([is_first = true](VisitStore&, std::string& text) mutable {
                                  text = "first";
                                  return std::exchange(is_first, false) || Throw();
                                });
                              }}});
    router_.Add(
        {"/question"},
        {{"POST", [](const Request&) { return HealthQuestion{[](bool) { return Throw() ? Ok("") : Ok(""); }}; }}});
  }
};

TEST_P(EventLoopEndTest, AnExceptionEndsTheLoopAndTheLogNamesIt) {
  looks_.Open();
  testing::internal::CaptureStderr();
  std::vector<std::unique_ptr<Client>> others;
  for (const char* path : {"/export", "/export", "/visit", "/held", "/figures"}) {
    others.push_back(std::make_unique<Client>(address_));
    others.back()->Write(Post(path, "other"));
  }
  EXPECT_TRUE(others[2]->ReadUntil("recorded other"));
  held_.Open();
  Client client(address_);
  client.Write(Post(GetParam(), R"({"url":"https://h/"})"));
  thread_.join();
  EXPECT_FALSE(has_ended_well_);
  loop_.reset();
  EXPECT_TRUE(client.Ends());
  const std::string log = testing::internal::GetCapturedStderr();
  EXPECT_EQ(std::count(log.begin(), log.end(), '\n'), 1) << log;
  EXPECT_NE(log.find("ends: a broken invariant\n"), std::string::npos) << log;
}

INSTANTIATE_TEST_SUITE_P(OfEveryPlace, EventLoopEndTest,
                         testing::Values("/endpoint", "/limiter", "/answer", "/sync", "/job", "/piece", "/question"),
                         [](const auto& instance) { return instance.param.substr(1); });

}  // namespace
}  // namespace page_count
