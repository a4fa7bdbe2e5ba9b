#include "worker/commands/output.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <stdexcept>
#include <string>

namespace page_count {
namespace {

[[noreturn]] void ThrowCannotWrite(int error) {
  throw std::runtime_error(std::string("cannot write to standard output: ") + std::strerror(error));
}

}  // namespace

void PrepareStreams() {
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(stream, F_GETFD) >= 0) continue;
    // The lowest number that is free: this one. Reading or writing it the wrong way round fails, as while it was
    // closed.
    static_cast<void>(open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY));
  }
}

void Print(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size()) ThrowCannotWrite(errno);
}

void FinishOutput() {
  if (std::fflush(stdout) != 0) ThrowCannotWrite(errno);
  // Some file systems say only now that there is no room.
  const int copy = dup(STDOUT_FILENO);
  if (copy < 0 || close(copy) != 0) ThrowCannotWrite(errno);
}

}  // namespace page_count
