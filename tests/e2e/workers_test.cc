#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "tests/e2e/clock.h"
#include "tests/e2e/load.h"
#include "tests/e2e/pool.h"
#include "tests/e2e/processes.h"
#include "tests/e2e/service_test.h"
#include "tests/e2e/wait.h"

namespace page_count::e2e {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

// A worker's sockets but the one that it listens on.
size_t ConnectionsOf(pid_t worker) {
  std::error_code error;
  size_t sockets = 0;
  for (const auto& descriptor : fs::directory_iterator("/proc/" + std::to_string(worker) + "/fd", error)) {
    if (fs::read_symlink(descriptor, error).string().starts_with("socket:")) ++sockets;
  }
  return sockets > 0 ? sockets - 1 : 0;
}

std::vector<pid_t> WorkersWithConnections(const Service& service) {
  auto workers = service.WorkerPids();
  std::erase_if(workers, [](pid_t worker) { return ConnectionsOf(worker) == 0; });
  return workers;
}

class Workers : public ServiceTest {
 protected:
  static void SetUpTestSuite() { StartService({.workers = 3, .all_accept = true}); }

  static HttpRequest VisitRequest(const std::string& url) {
    return {.method = "POST", .target = "/visit", .headers = kJsonBody, .body = VisitBody(url)};
  }
};

TEST_F(Workers, AllTakeConnectionsIfEachHasAnAcceptLockOfItsOwn) {
  Load load(service().http_port(), {.clients = 16, .pause = 1ms, .site = "load-spread.example"});
  EXPECT_TRUE(WaitFor(20s, [] { return WorkersWithConnections(service()).size() == 3; }));
  EXPECT_TRUE(load.Stop().failures.empty());
}

TEST_F(Workers, WhatOneAcknowledgedEveryOneKnows) {
  ASSERT_EQ(service().WorkerPids().size(), 3U);
  std::vector<HttpClient> readers;
  readers.reserve(6);
  for (int i = 0; i < 6; ++i) readers.push_back(ClientAt(address()));
  for (int total = 1; total <= 100; ++total) {
    HttpClient client = ClientAt(total % 10 == 1 ? OtherAddress() : address());
    const std::string url = Page(std::to_string(total / 10));
    ASSERT_EQ(Send(client, VisitRequest(url)).status, 200);
    const std::string newest =
        Send(readers[0], {.method = "GET", .target = "/all-visits?limit=1", .headers = {}, .body = {}}).body;
    EXPECT_EQ(Json::Parse(newest)["visits"][0]["url"].str(), url);
    for (HttpClient& reader : readers) {
      const auto stats = Send(reader, {.method = "GET", .target = "/stats/" + url, .headers = {}, .body = {}});
      ASSERT_EQ(Json::Parse(stats.body)["total_visits"].number(), total % 10 + (total < 10 ? 0 : 1)) << total;
    }
  }
}

TEST_F(Workers, EveryReaderOfEveryFigureSeesAnAcknowledgedVisitWhileOthersWrite) {
  std::atomic<bool> stop = false;
  std::vector<std::thread> writers;
  writers.reserve(3);
  for (int w = 0; w < 3; ++w) {
    writers.emplace_back([&, w] {
      HttpClient client = ClientAt("127.99.0." + std::to_string(w + 1));
      for (int i = 0; !stop; ++i) client.Send(VisitRequest("https://noise.example/" + std::to_string(w * 100000 + i)));
    });
  }
  for (int i = 0; i < 40; ++i) {
    const std::string url = Page(std::to_string(i));
    EXPECT_EQ(Visit(url).status, 200);
    EXPECT_EQ(GetJson("/stats/" + url)["total_visits"].number(), 1);
    EXPECT_EQ(GetJson("/summary")["data"][url]["total_visits"].number(), 1);
    EXPECT_EQ(GetJson("/stats?limit=1000000")["popular_pages"][url].str(), "1");
  }
  stop = true;
  for (std::thread& writer : writers) writer.join();
}

// Polls as a client would, with the newest timestamp it has, while others record: it must come to know all.
TEST_F(Workers, APollingClientMissesNone) {
  constexpr int kWriters = 4;
  constexpr int kEach = 150;
  std::atomic<int> running = kWriters;
  std::vector<std::thread> writers;
  writers.reserve(kWriters);
  for (int w = 0; w < kWriters; ++w) {
    writers.emplace_back([&, w] {
      HttpClient client = ClientAt("127.97.0." + std::to_string(w + 1));
      for (int i = 0; i < kEach; ++i)
        client.Send(VisitRequest("https://polled.example/" + std::to_string(w * kEach + i)));
      --running;
    });
  }
  std::set<std::string> seen;
  std::string newest = TimeText(Clock::now() - 1s);
  for (bool last = false; !last;) {
    last = running == 0;
    const Json visits = GetJson("/all-visits?since=" + Encoded(newest))["visits"];
    for (size_t i = 0; i < visits.size(); ++i) seen.insert(visits[i]["url"].str());
    if (visits.size() > 0) {
      EXPECT_GE(visits[0]["timestamp"].str(), newest);
      newest = visits[0]["timestamp"].str();
    }
  }
  for (std::thread& writer : writers) writer.join();
  int missed = 0;
  for (int i = 0; i < kWriters * kEach; ++i) {
    if (!seen.contains("https://polled.example/" + std::to_string(i))) ++missed;
  }
  EXPECT_EQ(missed, 0);
}

TEST_F(Workers, TimestampsNeverGoBack) {
  const Json visits = GetJson("/all-visits")["visits"];
  for (size_t i = 1; i < visits.size(); ++i) {
    ASSERT_LE(visits[i]["timestamp"].str(), visits[i - 1]["timestamp"].str()) << i;
  }
}

// Requests in flight when every worker is killed: each is answered 200 or, by nginx, 502; none is recorded twice.
TEST_F(Workers, AKilledWorkersRequestIs502AndNeverSentToAnother) {
  constexpr int kClients = 24;
  std::mutex mutex;
  std::map<std::string, int> status_of;
  std::atomic<bool> stop = false;
  std::vector<std::thread> clients;
  clients.reserve(kClients);
  for (int c = 0; c < kClients; ++c) {
    clients.emplace_back([&, c] {
      HttpClient client = ClientAt("127.98.0." + std::to_string(c + 1));
      for (int i = 0; !stop; ++i) {
        const std::string url = Page(std::to_string(c * 1000000 + i));
        const HttpRequest get{.method = "GET", .target = "/?url=" + Encoded(url), .headers = {}, .body = {}};
        const auto response = client.Send(i % 2 == 0 ? get : VisitRequest(url));
        if (response.status != 200) ExpectError(response, response.status == 503 ? 503 : 502);
        const std::lock_guard lock(mutex);
        status_of[url] = response.status;
      }
    });
  }
  for (int round = 0; round < 3; ++round) {
    std::this_thread::sleep_for(300ms);
    for (const pid_t worker : service().WorkerPids()) kill(worker, SIGKILL);
  }
  std::this_thread::sleep_for(300ms);
  stop = true;
  for (std::thread& client : clients) client.join();

  std::map<std::string, int> stored;
  const Json visits = GetJson("/all-visits")["visits"];
  for (size_t i = 0; i < visits.size(); ++i) ++stored[visits[i]["url"].str()];
  int failed = 0;
  for (const auto& [url, status] : status_of) {
    if (status == 200) {
      ASSERT_EQ(stored[url], 1) << url;
    } else {
      ++failed;
      ASSERT_LE(stored[url], 1) << url;
    }
  }
  EXPECT_GT(failed, 0) << "no request was in flight: the test saw nothing";
}

// A connection to the workers' socket on which nothing is said.
class SilentConnection {
 public:
  explicit SilentConnection(const Service& service) : socket_(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    (service.data_folder() + "/run/page-count.sock").copy(address.sun_path, sizeof address.sun_path - 1);
    EXPECT_EQ(connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  }
  ~SilentConnection() { close(socket_); }
  SilentConnection(const SilentConnection&) = delete;
  SilentConnection& operator=(const SilentConnection&) = delete;

 private:
  int socket_;
};

// Workers as they are by default: one, the leader, takes all connections.
class LeaderOfTheWorkers : public ServiceTest {
 protected:
  static constexpr size_t kWorkers = 3;

  static void SetUpTestSuite() { StartService({.workers = kWorkers}); }

  // No connection is left afterwards, not even nginx's.
  void SetUp() override {
    ServiceTest::SetUp();
    ASSERT_TRUE(WaitFor(20s, [] { return PoolIsWhole(service(), kWorkers); }));
    before_ = service().WorkerPids();
    ASSERT_TRUE(WaitFor(20s, [] { return WithConnections().empty(); }));
    ASSERT_TRUE(WaitFor(20s, [] { return AcceptsNext() > 0; }));
    leader_ = AcceptsNext();
    ASSERT_TRUE(WaitFor(20s, [] { return WithConnections().empty(); }));
  }
  void TearDown() override { kill(leader_, SIGCONT); }

  static std::vector<pid_t> WithConnections() { return WorkersWithConnections(service()); }
  // The worker that takes a new connection within a second; 0 if none does, or more than one has connections.
  static pid_t AcceptsNext() {
    const SilentConnection next(service());
    WaitFor(1s, [] { return !WithConnections().empty(); });
    const auto with_connections = WithConnections();
    return with_connections.size() == 1 ? with_connections.front() : 0;
  }
  // Of the workers but the leader.
  size_t ConnectionsOfOthers() const {
    size_t connections = 0;
    for (const pid_t worker : service().WorkerPids()) connections += worker == leader_ ? 0 : ConnectionsOf(worker);
    return connections;
  }
  void ExpectAnswerWithinASecond() {
    const auto start = std::chrono::steady_clock::now();
    EXPECT_EQ(Visit(Page()).status, 200);
    EXPECT_LT(std::chrono::steady_clock::now() - start, kSanitized ? 5s : 1s);
  }

  std::vector<pid_t> before_;
  pid_t leader_ = 0;
};

TEST_F(LeaderOfTheWorkers, TakesTheConnections) {
  Load load(service().http_port(), {.clients = 16, .pause = 50ms, .site = "load-leader.example"});
  EXPECT_TRUE(WaitFor(20s, [&load] { return load.acknowledged() > 300; }));
  for (const pid_t worker : before_) {
    if (worker == leader_) continue;
    EXPECT_LT(ConnectionsOf(worker), ConnectionsOf(leader_));
  }
  EXPECT_TRUE(load.Stop().failures.empty());
}

TEST_F(LeaderOfTheWorkers, LeavesTheNextRequestToAnotherWhenItIsKilled) {
  ASSERT_EQ(kill(leader_, SIGKILL), 0);
  ASSERT_TRUE(WaitFor(10s, [this] { return kill(leader_, 0) != 0; })) << "the accept lock is free";
  ExpectAnswerWithinASecond();
  EXPECT_EQ(ConnectionsOfOthers(), 1U);
}

// A connection of the test's own keeps the stopping worker from ending.
TEST_F(LeaderOfTheWorkers, LeavesTheNextRequestToAnotherWhenItIsToldToStop) {
  std::optional<SilentConnection> kept(std::in_place, service());
  ASSERT_TRUE(WaitFor(10s, [this] { return ConnectionsOf(leader_) == 1; }));
  ASSERT_EQ(kill(leader_, SIGTERM), 0);
  EXPECT_TRUE(WaitFor(5s, [this] {
    const SilentConnection next(service());
    return WaitFor(500ms, [this] { return ConnectionsOfOthers() > 0; });
  }));
  ExpectAnswerWithinASecond();
  EXPECT_GT(ConnectionsOfOthers(), 0U);
  EXPECT_EQ(ConnectionsOf(leader_), 1U) << "the test's own, and it serves on";
  kept.reset();
  EXPECT_TRUE(WaitFor(10s, [this] { return kill(leader_, 0) != 0; })) << "it ends with its last connection";
}

TEST_F(LeaderOfTheWorkers, KeepsNoConnectionsFromTheOthersWhileItIsStopped) {
  ASSERT_EQ(kill(leader_, SIGSTOP), 0);
  ExpectAnswerWithinASecond();
  EXPECT_EQ(ConnectionsOfOthers(), 1U);
  const SilentConnection next(service());
  EXPECT_TRUE(WaitFor(1s, [this] { return ConnectionsOfOthers() == 2; }));
  ASSERT_EQ(kill(leader_, SIGCONT), 0);
  ExpectAnswerWithinASecond();
  ASSERT_TRUE(WaitFor(10s, [this] {
    const SilentConnection another(service());
    return WaitFor(500ms, [this] { return ConnectionsOf(leader_) > 0; });
  })) << "it leads again";
  ExpectAnswerWithinASecond();
  EXPECT_EQ(service().WorkerPids(), before_);
}

}  // namespace
}  // namespace page_count::e2e
