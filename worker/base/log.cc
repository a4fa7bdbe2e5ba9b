#include "worker/base/log.h"

#include <unistd.h>

#include <string>

namespace page_count {

void LogLine(std::string_view message) {
  std::string line = "page-count[" + std::to_string(getpid()) + "]: ";
  line.append(message).push_back('\n');
  [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, line.data(), line.size());
}

}  // namespace page_count
