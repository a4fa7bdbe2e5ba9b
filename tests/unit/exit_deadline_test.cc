#include "worker/system/exit_deadline.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>

namespace page_count {
namespace {

TEST(ExitDeadlineDeathTest, EndsAProcessThatHangs) {
  EXPECT_EXIT(
      {
        SetExitDeadline(std::chrono::seconds(1));
        for (;;) pause();
      },
      testing::KilledBySignal(SIGALRM), "ends without waiting any longer");
}

}  // namespace
}  // namespace page_count
