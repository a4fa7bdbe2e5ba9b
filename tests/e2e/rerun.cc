#include "tests/e2e/rerun.h"

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>

#include "tests/e2e/processes.h"
#include "tests/e2e/wait.h"

namespace page_count::e2e {
namespace {

using namespace std::chrono_literals;

}  // namespace

Rerun::Rerun(const Service& service) {
  const std::string output = service.folder() + "/output-of-rerun";
  std::filesystem::remove(output);
  serve_ = Spawn({std::string(std::getenv("SOURCE_DIR")) + "/nginx/serve", "--no-build", "--build-dir",
                  std::getenv("BUILD_DIR"), "--http", std::to_string(service.http_port()), "--https",
                  std::to_string(service.https_port()), "--data", service.data_folder()},
                 {}, output);
  bool ended = false;
  const bool ready = WaitFor(60s, [&] {
    ended = WaitForExit(serve_, 0ms).has_value();
    return ended || ("\n" + ReadFile(output)).find("\nready http://") != std::string::npos;
  });
  if (ended) serve_ = 0;
  if (ready && !ended) return;
  Stop();
  throw std::runtime_error("nginx/serve is not ready again:\n" + ReadFile(output));
}

Rerun::~Rerun() { Stop(); }

void Rerun::Stop() {
  if (serve_ <= 0) return;
  kill(serve_, SIGTERM);
  if (!WaitForExit(serve_, 20s)) {
    kill(serve_, SIGKILL);
    WaitForExit(serve_, 5s);
  }
  serve_ = 0;
}

std::string OutputOfFailure(const Service& service, const std::vector<std::string>& arguments) {
  std::vector<std::string> command = {std::string(std::getenv("BUILD_DIR")) + "/worker/page-count"};
  command.insert(command.end(), arguments.begin(), arguments.end());
  const std::string output = service.folder() + "/output-of-failure";
  std::filesystem::remove(output);
  const pid_t program = Spawn(command, {}, output);
  const auto status = WaitForExit(program, 120s);
  if (!status) kill(program, SIGKILL);
  if (status.value_or(0) == 0) throw std::runtime_error("page-count " + arguments.front() + " did not fail");
  return ReadFile(output);
}

}  // namespace page_count::e2e
