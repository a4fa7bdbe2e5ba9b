#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "tests/e2e/load.h"
#include "tests/e2e/pool.h"
#include "tests/e2e/service.h"
#include "tests/e2e/stored_visits.h"
#include "tests/e2e/wait.h"

namespace page_count::e2e {
namespace {

using namespace std::chrono_literals;

// Two services side by side: one at full load, where one worker has all connections, and one at ten requests a second,
// where they are spread and idle.
class Restart : public testing::Test {
 protected:
  static constexpr size_t kWorkers = 2;

  static void SetUpTestSuite() {
    busy_ = std::make_unique<Service>(ServiceOptions{.workers = kWorkers, .environment = {}});
    quiet_ = std::make_unique<Service>(ServiceOptions{.workers = kWorkers, .all_accept = true});
  }
  static void TearDownTestSuite() {
    busy_.reset();
    quiet_.reset();
  }

  void SetUp() override {
    ASSERT_TRUE(busy_ && quiet_) << "the services did not start";
    const std::string name = testing::UnitTest::GetInstance()->current_test_info()->name();
    const std::string site = "load-" + std::to_string(name.size());
    full_load_ =
        std::make_unique<Load>(busy_->http_port(), LoadOptions{.clients = 32, .pause = 0ms, .site = site + ".example"});
    trickle_ = std::make_unique<Load>(quiet_->http_port(),
                                      LoadOptions{.clients = 1, .pause = 100ms, .site = site + ".example"});
    // Every worker has been met by then, and keeps connections.
    ASSERT_TRUE(WaitFor(20s, [this] { return full_load_->acknowledged() > 1000 && trickle_->acknowledged() > 5; }));
  }

  static Service& busy() { return *busy_; }
  static Service& quiet() { return *quiet_; }

  static bool HasReplaced(const Service& service, const std::vector<pid_t>& replaced) {
    return WaitFor(90s, [&] { return PoolIsWhole(service, kWorkers, replaced); });
  }

  void ExpectNoneFailed() {
    const size_t before = trickle_->acknowledged();
    EXPECT_TRUE(WaitFor(5s, [&] { return trickle_->acknowledged() > before + 5; })) << "it goes on";
    const LoadReport full_load = full_load_->Stop();
    const LoadReport trickle = trickle_->Stop();
    EXPECT_TRUE(full_load.failures.empty()) << full_load.FailureText();
    EXPECT_TRUE(trickle.failures.empty()) << trickle.FailureText();
    EXPECT_LT(std::max(full_load.slowest, trickle.slowest), 5s);
    ExpectEachOnce(AllVisitsByPage(busy_->http_port()), full_load);
    ExpectEachOnce(AllVisitsByPage(quiet_->http_port()), trickle);
    RecordProperty("requests", std::to_string(full_load.requests()));
  }

 private:
  static inline std::unique_ptr<Service> busy_;
  static inline std::unique_ptr<Service> quiet_;
  std::unique_ptr<Load> full_load_;
  std::unique_ptr<Load> trickle_;
};

TEST_F(Restart, OfNginxByReloadFailsNoRequest) {
  for (const Service* service : {&busy(), &quiet()}) {
    const pid_t master = PidOf(*service, "nginx");
    const auto before = ChildrenOf(master);
    ASSERT_FALSE(before.empty());
    ASSERT_EQ(kill(master, SIGHUP), 0);
    EXPECT_TRUE(WaitFor(20s, [&] {
      const auto now = ChildrenOf(master);
      return !now.empty() && std::find_first_of(now.begin(), now.end(), before.begin(), before.end()) == now.end();
    }));
  }
  ExpectNoneFailed();
}

TEST_F(Restart, OfOneWorkerBySigtermLetsItsRequestsFinish) {
  const std::vector<pid_t> busy_worker = {busy().WorkerPids().at(0)};
  const std::vector<pid_t> quiet_worker = {quiet().WorkerPids().at(0)};
  ASSERT_EQ(kill(busy_worker[0], SIGTERM), 0);
  ASSERT_EQ(kill(quiet_worker[0], SIGTERM), 0);
  EXPECT_TRUE(HasReplaced(busy(), busy_worker)) << busy().Output();
  EXPECT_TRUE(HasReplaced(quiet(), quiet_worker)) << quiet().Output();
  ExpectNoneFailed();
}

TEST_F(Restart, OfAllWorkersByHangupFailsNoRequest) {
  const auto busy_workers = busy().WorkerPids();
  const auto quiet_workers = quiet().WorkerPids();
  ASSERT_EQ(busy_workers.size(), kWorkers);
  ASSERT_EQ(quiet_workers.size(), kWorkers);
  ASSERT_EQ(kill(PidOf(busy(), "serve"), SIGHUP), 0);
  ASSERT_EQ(kill(PidOf(quiet(), "serve"), SIGHUP), 0);
  EXPECT_TRUE(HasReplaced(busy(), busy_workers)) << busy().Output();
  EXPECT_TRUE(HasReplaced(quiet(), quiet_workers)) << quiet().Output();
  ExpectNoneFailed();
}

}  // namespace
}  // namespace page_count::e2e
