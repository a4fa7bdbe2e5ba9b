#include "worker/system/exit_deadline.h"

#include <unistd.h>

#include <csignal>
#include <string_view>

namespace page_count {

void SetExitDeadline(std::chrono::seconds time) {
  std::signal(SIGALRM, [](int) {  // what it calls may be called in a signal handler
    constexpr std::string_view kLine = "page-count: ends without waiting any longer for what its threads are at\n";
    [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, kLine.data(), kLine.size());
    std::signal(SIGALRM, SIG_DFL);
    kill(getpid(), SIGALRM);  // comes once this handler has returned
  });
  alarm(static_cast<unsigned>(time.count()));
}

}  // namespace page_count
