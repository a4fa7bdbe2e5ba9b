#include "worker/system/exit_deadline.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>

namespace page_count {
namespace {

using namespace std::chrono_literals;

TEST(ExitDeadlineDeathTest, EndsAProcessThatHangs) {
  EXPECT_EXIT(
      {
        ExitDeadline deadline;
        deadline.Start(10ms, 7);
        for (;;) pause();
      },
      testing::ExitedWithCode(7), "ends without waiting any longer");
}

TEST(ExitDeadlineDeathTest, LetsAProcessThatEndsInTimeEndByItself) {
  EXPECT_EXIT(
      {
        {
          ExitDeadline deadline;
          deadline.Start(1h, 7);
        }
        ExitDeadline never_started;
        std::_Exit(0);
      },
      testing::ExitedWithCode(0), "^$");
}

}  // namespace
}  // namespace page_count
