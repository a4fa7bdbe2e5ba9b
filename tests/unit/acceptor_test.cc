#include "worker/server/acceptor.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "tests/unit/temporary_folder.h"

namespace page_count {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr milliseconds kDeadline = 20s;

class AcceptorTest : public testing::Test {
 protected:
  AcceptorTest() : listening_(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const std::string path = folder_.File("socket");
    std::copy(path.begin(), path.end(), address_.sun_path);
    EXPECT_EQ(bind(listening_, reinterpret_cast<const sockaddr*>(&address_), sizeof(address_)), 0);
    EXPECT_EQ(listen(listening_, 8), 0);
  }
  ~AcceptorTest() override {
    for (const int socket : sockets_) close(socket);
    close(listening_);
  }

  void Connect() {
    sockets_.push_back(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    ASSERT_EQ(connect(sockets_.back(), reinterpret_cast<const sockaddr*>(&address_), sizeof(address_)), 0);
  }
  static bool IsReady(const Acceptor& acceptor, milliseconds wait = 0ms) {
    pollfd ready{acceptor.descriptor(), POLLIN, 0};
    return poll(&ready, 1, static_cast<int>(wait.count())) == 1;
  }
  size_t Accept(Acceptor& acceptor) {
    const auto accepted = acceptor.Accept();
    sockets_.insert(sockets_.end(), accepted.begin(), accepted.end());
    return accepted.size();
  }
  // As an event loop does, for as long as that.
  size_t AcceptFor(Acceptor& acceptor, milliseconds time) {
    size_t accepted = 0;
    for (const auto end = steady_clock::now() + time; steady_clock::now() < end;) {
      if (IsReady(acceptor, 10ms)) accepted += Accept(acceptor);
    }
    return accepted;
  }
  void MakeLeader(Acceptor& acceptor) {
    Connect();
    ASSERT_EQ(Accept(acceptor), 1U);
    ASSERT_TRUE(acceptor.is_leader());
  }

  TemporaryFolder folder_;
  int listening_;
  sockaddr_un address_{AF_UNIX, {}};
  std::string lock_path_ = folder_.File("accept-lock");
  std::vector<int> sockets_;
};

TEST_F(AcceptorTest, TheFirstToSeeAConnectionLeadsAndTakesItAtOnce) {
  Acceptor first(listening_, lock_path_);
  EXPECT_FALSE(IsReady(first));
  EXPECT_FALSE(first.is_leader());
  Connect();
  EXPECT_TRUE(IsReady(first));
  EXPECT_EQ(Accept(first), 1U);
  EXPECT_TRUE(first.is_leader());
  EXPECT_FALSE(IsReady(first));
}

TEST_F(AcceptorTest, AStandbyTakesNoConnectionWhileTheLeaderDoes) {
  Acceptor leader(listening_, lock_path_);
  Acceptor standby(listening_, lock_path_);
  MakeLeader(leader);
  for (int i = 0; i < 20; ++i) {
    Connect();
    EXPECT_EQ(Accept(standby), 0U);
    EXPECT_EQ(Accept(leader), 1U);
  }
  EXPECT_EQ(AcceptFor(standby, 300ms), 0U);
  EXPECT_FALSE(standby.is_leader());
}

TEST_F(AcceptorTest, AStandbyTakesTheConnectionsThatTheLeaderLeavesFor100Ms) {
  Acceptor leader(listening_, lock_path_);
  Acceptor standby(listening_, lock_path_);
  MakeLeader(leader);
  for (int round = 0; round < 2; ++round) {
    const auto start = steady_clock::now();
    for (int i = 0; i < 5; ++i) Connect();
    ASSERT_TRUE(IsReady(standby));
    EXPECT_EQ(Accept(standby), 0U);
    EXPECT_FALSE(IsReady(standby)) << "it sleeps meanwhile";
    ASSERT_TRUE(IsReady(standby, kDeadline));
    EXPECT_EQ(Accept(standby), 5U);
    EXPECT_GE(steady_clock::now() - start, 99ms);
  }
  EXPECT_FALSE(standby.is_leader());
  Connect();
  EXPECT_EQ(Accept(leader), 1U) << "the leader goes on";
}

TEST_F(AcceptorTest, AStandbyLeadsAtTheNextConnectionAfterTheLeaderHasStopped) {
  Acceptor leader(listening_, lock_path_);
  Acceptor standby(listening_, lock_path_);
  MakeLeader(leader);
  EXPECT_EQ(Accept(standby), 0U);
  EXPECT_EQ(AcceptFor(standby, 150ms), 0U);
  leader.Stop();
  Connect();
  EXPECT_FALSE(IsReady(leader));
  EXPECT_EQ(Accept(leader), 0U);
  EXPECT_EQ(Accept(standby), 1U) << "at once";
  EXPECT_TRUE(standby.is_leader());
}

TEST_F(AcceptorTest, AStandbyLeadsAtTheNextConnectionAfterTheLeaderIsGone) {
  std::optional<Acceptor> leader(std::in_place, listening_, lock_path_);
  Acceptor standby(listening_, lock_path_);
  MakeLeader(*leader);
  leader.reset();
  EXPECT_EQ(AcceptFor(standby, 150ms), 0U);
  Connect();
  EXPECT_EQ(Accept(standby), 1U);
  EXPECT_TRUE(standby.is_leader());
}

TEST_F(AcceptorTest, TakesWhatTheLeaderLeftInTheQueueWhenItStopped) {
  Acceptor leader(listening_, lock_path_);
  Acceptor standby(listening_, lock_path_);
  MakeLeader(leader);
  Connect();
  EXPECT_EQ(Accept(standby), 0U);
  leader.Stop();
  ASSERT_TRUE(IsReady(standby, kDeadline));
  EXPECT_EQ(Accept(standby), 1U);
  EXPECT_TRUE(standby.is_leader());
}

TEST_F(AcceptorTest, WithoutRoomForAConnectionItSaysSoAndLeavesItToAnother) {
  Acceptor full(listening_, lock_path_);
  Acceptor other(listening_, lock_path_);
  MakeLeader(full);
  Connect();
  rlimit all{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &all), 0);
  const rlimit none{3, all.rlim_max};
  testing::internal::CaptureStderr();
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &none), 0);
  EXPECT_EQ(Accept(full), 0U);
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &all), 0);
  EXPECT_NE(testing::internal::GetCapturedStderr().find("cannot accept a connection"), std::string::npos);
  EXPECT_FALSE(IsReady(full)) << "the loop does not spin";
  EXPECT_EQ(Accept(other), 1U);
  EXPECT_TRUE(other.is_leader());
  EXPECT_TRUE(IsReady(full, kDeadline)) << "it tries again";
  EXPECT_EQ(Accept(full), 0U);
}

}  // namespace
}  // namespace page_count
