#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "tests/e2e/load.h"
#include "tests/e2e/pool.h"
#include "tests/e2e/processes.h"
#include "tests/e2e/service.h"
#include "tests/e2e/service_test.h"
#include "tests/e2e/stored_visits.h"
#include "tests/e2e/sync_trace.h"
#include "tests/e2e/wait.h"

namespace page_count::e2e {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

const std::string kPrefix = "https://sync.example/";

// A worker under strace, from construction to Finish.
class Tracer {
 public:
  Tracer(pid_t worker, const std::string& folder) : trace_(folder + "/trace"), output_(folder + "/strace-output") {
    strace_ = Spawn(
        {"strace", "-f", "-y", "-s", "16384", "-e", "signal=none", "-e",
         "trace=pwrite64,fdatasync,fsync,write,writev,sendto,sendmsg", "-o", trace_, "-p", std::to_string(worker)},
        {}, output_);
    attached_ =
        WaitFor(20s, [&] { return ended() || ReadFile(output_).find("attached") != std::string::npos; }) && !ended();
  }
  ~Tracer() { Finish(); }
  Tracer(const Tracer&) = delete;
  Tracer& operator=(const Tracer&) = delete;

  bool attached() const { return attached_; }
  std::string output() const { return ReadFile(output_); }

  std::string Finish() {
    if (!ended()) {
      kill(strace_, SIGINT);
      if (!WaitForExit(strace_, 10s)) kill(strace_, SIGKILL);
      strace_ = 0;
    }
    return ReadFile(trace_);
  }

 private:
  bool ended() {
    if (strace_ != 0 && WaitForExit(strace_, 0ms)) strace_ = 0;
    return strace_ == 0;
  }

  std::string trace_;
  std::string output_;
  pid_t strace_ = 0;
  bool attached_ = false;
};

class WalSync : public testing::Test {
 protected:
  static constexpr int kOneByOne = 40;
  static constexpr int kClients = 8;
  static constexpr int kEach = 25;
  static constexpr int kPages = kOneByOne + kClients * kEach;

  static void RecordPages(int port, int client, int first, int count) {
    HttpClient http(port, Protocol::kHttp, "127.91.0." + std::to_string(client + 1));
    for (int page = first; page < first + count; ++page) {
      const std::string url = kPrefix + std::to_string(page) + "/";
      const HttpRequest get{.method = "GET", .target = "/?url=" + Encoded(url), .headers = {}, .body = {}};
      const HttpRequest post{.method = "POST", .target = "/visit", .headers = kJsonBody, .body = VisitBody(url)};
      EXPECT_EQ(http.Send(page % 3 == 0 ? get : post).status, 200);
    }
  }

  // Pages one by one, then several at once. The trace is empty where processes cannot be traced here.
  static std::string TraceOfRecording(const std::string& wal_sync) {
    const Service service({.workers = 1, .environment = {{"PAGE_COUNT_WAL_SYNC", wal_sync}}});
    Tracer tracer(service.WorkerPids().at(0), service.folder());
    if (!tracer.attached()) {
      EXPECT_NE(tracer.output().find("not permitted"), std::string::npos) << tracer.output();
      return "";
    }
    RecordPages(service.http_port(), 0, 0, kOneByOne);
    std::vector<std::thread> clients;
    clients.reserve(kClients);
    for (int client = 0; client < kClients; ++client) {
      clients.emplace_back(
          [&, client] { RecordPages(service.http_port(), client + 1, kOneByOne + client * kEach, kEach); });
    }
    for (std::thread& client : clients) client.join();
    return tracer.Finish();
  }

  static int CountOf(const SyncTrace& trace, SyncTrace::Order order) {
    int count = 0;
    for (int page = 0; page < kPages; ++page) count += trace.OrderOf(page) == order ? 1 : 0;
    return count;
  }
};

TEST_F(WalSync, EveryAcknowledgementComesAfterASyncThatBeganAfterItsCommit) {
  const std::string text = TraceOfRecording("true");
  if (text.empty() && !HasFailure()) GTEST_SKIP() << "this machine does not permit ptrace";
  const SyncTrace trace(text, kPrefix);
  EXPECT_EQ(CountOf(trace, SyncTrace::Order::kNotSeen), 0) << "of " << kPages;
  EXPECT_EQ(CountOf(trace, SyncTrace::Order::kAnsweredBeforeItsSync), 0) << "of " << kPages;
  EXPECT_GE(trace.syncs(), size_t{kOneByOne});
}

// What makes the test above worth something: where the worker is told not to sync, it sees that.
TEST_F(WalSync, IsSeenToBeMissingWhereItIsTurnedOff) {
  const std::string text = TraceOfRecording("false");
  if (text.empty() && !HasFailure()) GTEST_SKIP() << "this machine does not permit ptrace";
  const SyncTrace trace(text, kPrefix);
  EXPECT_EQ(CountOf(trace, SyncTrace::Order::kNotSeen), 0) << "of " << kPages;
  EXPECT_GE(CountOf(trace, SyncTrace::Order::kAnsweredBeforeItsSync), kPages * 9 / 10);
}

TEST(Durability, KilledWorkersLoseNoAcknowledgedVisitAndRecordNoneTwice) {
  constexpr size_t kWorkers = 4;
  constexpr int kClients = 12;
  Service service({.workers = kWorkers, .all_accept = true});
  ASSERT_TRUE(WaitFor(20s, [&] { return PoolIsWhole(service, kWorkers); }));
  std::mt19937 random(20250914);  // the same kills every time
  size_t killed = 0;
  milliseconds slowest_return{0};

  Load load(service.http_port(), {.clients = kClients, .pause = 0ms, .site = "load.example"});
  for (const auto end = steady_clock::now() + 10s; steady_clock::now() < end;) {
    std::this_thread::sleep_for(milliseconds(std::uniform_int_distribution(0, 250)(random)));
    auto workers = service.WorkerPids();
    std::shuffle(workers.begin(), workers.end(), random);
    // Mostly one, sometimes several, now and then all of them.
    const size_t count = std::uniform_int_distribution<size_t>(0, 3)(random) > 0 ? 1 : 1 + random() % workers.size();
    workers.resize(std::min(count, workers.size()));
    for (const pid_t worker : workers) kill(worker, SIGKILL);
    killed += workers.size();
    const auto start = steady_clock::now();
    ASSERT_TRUE(WaitFor(20s, [&] { return PoolIsWhole(service, kWorkers, workers); })) << service.Output();
    slowest_return = std::max(slowest_return, std::chrono::ceil<milliseconds>(steady_clock::now() - start));
  }
  const LoadReport report = load.Stop();

  RecordProperty("acknowledged", std::to_string(report.acknowledged.size()));
  RecordProperty("failed", std::to_string(report.failures.size()));
  RecordProperty("killed", std::to_string(killed));
  RecordProperty("slowest_return_ms", std::to_string(slowest_return.count()));
  RecordProperty("slowest_request_ms", std::to_string(report.slowest.count()));
  EXPECT_GT(killed, 10U);
  EXPECT_LT(slowest_return, kSanitized ? 10s : 1s) << "the pool is whole again within a second";
  EXPECT_LT(report.slowest, 5s) << "no request hangs";
  EXPECT_LE(report.failures.size(), killed * kClients) << "none but those in flight:\n" << report.FailureText();
  EXPECT_LT(report.failures.size() * 20, report.requests()) << report.FailureText();
  ExpectEachOnce(AllVisitsByPage(service.http_port()), report);

  ASSERT_TRUE(StopInOrder(service)) << service.Output();
  DatabaseFile file(service.database());
  EXPECT_EQ(file.Read("pragma integrity_check"), "ok");
  ExpectEachOnce(VisitsByPage(service.database()), report);
  EXPECT_NO_THROW(service.RunProgram({"check", "--database", service.database()}));
}

}  // namespace
}  // namespace page_count::e2e
