#include "worker/server/accept_turn.h"

#include <gtest/gtest.h>
#include <poll.h>

#include <chrono>
#include <optional>
#include <string>

#include "tests/unit/temporary_folder.h"

namespace page_count {
namespace {

using std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr std::chrono::milliseconds kDeadline = 20s;
constexpr std::chrono::milliseconds kLongerThanAPeriod = 150ms;
constexpr int kSpreadAtPercent = 80;

class AcceptTurnTest : public testing::Test {
 protected:
  // Whether it comes within that time.
  static bool Comes(const AcceptTurn& turn, std::chrono::milliseconds wait = kDeadline) {
    pollfd came{turn.descriptor(), POLLIN, 0};
    return poll(&came, 1, static_cast<int>(wait.count())) == 1;
  }
  static void Get(AcceptTurn& turn) {
    turn.Await();
    ASSERT_TRUE(Comes(turn));
    turn.Begin();
  }

  TemporaryFolder folder_;
  std::string path_ = folder_.File("accept");
};

TEST_F(AcceptTurnTest, ComesToTheFirstWhoAwaitsIt) {
  AcceptTurn first(path_, kSpreadAtPercent);
  EXPECT_FALSE(Comes(first, 0ms));
  first.Await();
  ASSERT_TRUE(Comes(first));
  EXPECT_FALSE(first.has());
  first.Begin();
  EXPECT_TRUE(first.has());
  EXPECT_FALSE(Comes(first, 0ms)) << "it has come once";
}

TEST_F(AcceptTurnTest, ComesToTheSecondOnceTheFirstPassesItOn) {
  AcceptTurn first(path_, kSpreadAtPercent);
  AcceptTurn second(path_, kSpreadAtPercent);
  Get(first);
  second.Await();
  EXPECT_FALSE(Comes(second, kLongerThanAPeriod));
  first.PassOn();
  EXPECT_FALSE(first.has());
  EXPECT_TRUE(Comes(second));
}

TEST_F(AcceptTurnTest, ComesToTheSecondOnceTheFirstIsGone) {
  std::optional<AcceptTurn> first(std::in_place, path_, kSpreadAtPercent);
  AcceptTurn second(path_, kSpreadAtPercent);
  Get(*first);
  second.Await();
  first.reset();
  EXPECT_TRUE(Comes(second));
}

TEST_F(AcceptTurnTest, ComesBackWhereNobodyElseAwaitsIt) {
  AcceptTurn first(path_, kSpreadAtPercent);
  const AcceptTurn idle(path_, kSpreadAtPercent);
  for (int i = 0; i < 3; ++i) {
    Get(first);
    first.PassOn();
  }
}

TEST_F(AcceptTurnTest, GoesRoundAmongThoseWhoPassItOnAndAwaitItAgain) {
  AcceptTurn first(path_, kSpreadAtPercent);
  AcceptTurn second(path_, kSpreadAtPercent);
  Get(first);
  second.Await();
  for (int i = 0; i < 3; ++i) {
    for (auto [holder, next] : {std::pair(&first, &second), std::pair(&second, &first)}) {
      holder->PassOn();
      ASSERT_TRUE(Comes(*next));
      next->Begin();
      holder->Await();
    }
  }
}

TEST_F(AcceptTurnTest, DoesNotStayWithOneWhoWentWhileAwaitingIt) {
  AcceptTurn first(path_, kSpreadAtPercent);
  std::optional<AcceptTurn> second(std::in_place, path_, kSpreadAtPercent);
  AcceptTurn third(path_, kSpreadAtPercent);
  Get(first);
  second->Await();
  third.Await();
  second.reset();
  first.PassOn();
  EXPECT_TRUE(Comes(third));
}

TEST_F(AcceptTurnTest, SpreadsAlwaysAtZeroOnly) {
  EXPECT_TRUE(AcceptTurn(path_, 0).spreads_always());
  EXPECT_FALSE(AcceptTurn(path_, 1).spreads_always());
}

TEST_F(AcceptTurnTest, IsBusyOnceItsThreadUsesTheProcessorSoMuch) {
  AcceptTurn turn(path_, 1);
  EXPECT_FALSE(turn.IsBusy());
  bool is_busy = false;
  for (const auto end = steady_clock::now() + kDeadline; !is_busy && steady_clock::now() < end;) {
    is_busy = turn.IsBusy();
  }
  EXPECT_TRUE(is_busy);
}

TEST_F(AcceptTurnTest, IsNotBusyByWhatWasBeforeItsTurn) {
  AcceptTurn turn(path_, 1);
  for (const auto end = steady_clock::now() + kLongerThanAPeriod; steady_clock::now() < end;) {
  }
  Get(turn);
  EXPECT_FALSE(turn.IsBusy());
}

TEST_F(AcceptTurnTest, IsNotBusyWhileItsThreadWaits) {
  AcceptTurn turn(path_, kSpreadAtPercent);
  EXPECT_FALSE(turn.IsBusy());
  EXPECT_FALSE(Comes(turn, kLongerThanAPeriod));
  EXPECT_FALSE(turn.IsBusy());
}

}  // namespace
}  // namespace page_count
