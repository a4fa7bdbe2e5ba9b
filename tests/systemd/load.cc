// Records visits through nginx until SIGTERM or SIGINT, then writes each page to one of two files, a line each:
// those that were acknowledged, and with what they were refused those that were not.
//
//   systemd_load PORT SITE CLIENTS PAUSE_MS ACKNOWLEDGED FAILED
#include "tests/e2e/load.h"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

namespace {

bool WriteLines(const char* path, const std::vector<std::string>& lines) {
  std::ofstream file(path);
  for (const std::string& line : lines) file << line << '\n';
  return static_cast<bool>(file.flush());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 7) {
    std::fprintf(stderr, "usage: systemd_load PORT SITE CLIENTS PAUSE_MS ACKNOWLEDGED FAILED\n");
    return 2;
  }
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);  // before the load's threads are made
  page_count::e2e::LoadOptions options;
  options.site = argv[2];
  options.clients = std::atoi(argv[3]);
  options.pause = std::chrono::milliseconds(std::atoi(argv[4]));
  page_count::e2e::Load load(std::atoi(argv[1]), options);
  int signal = 0;
  sigwait(&signals, &signal);
  const auto report = load.Stop();
  std::printf("%zu acknowledged, %zu failed, the slowest took %lld ms\n", report.acknowledged.size(),
              report.failures.size(), static_cast<long long>(report.slowest.count()));
  return WriteLines(argv[5], report.acknowledged) && WriteLines(argv[6], report.failures) ? 0 : 1;
}
