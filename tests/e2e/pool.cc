#include "tests/e2e/pool.h"

#include <signal.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <sstream>

#include "tests/e2e/processes.h"
#include "tests/e2e/wait.h"

namespace page_count::e2e {
namespace {

// A worker has its epoll descriptor once it is about to wait for requests.
bool WaitsForRequests(pid_t worker) {
  std::error_code error;
  const std::filesystem::directory_iterator descriptors("/proc/" + std::to_string(worker) + "/fd", error);
  if (error) return false;
  return std::any_of(begin(descriptors), end(descriptors), [&error](const auto& descriptor) {
    return std::filesystem::read_symlink(descriptor, error) == "anon_inode:[eventpoll]";
  });
}

}  // namespace

bool PoolIsWhole(const Service& service, size_t workers, const std::vector<pid_t>& replaced) {
  const auto now = service.WorkerPids();
  return now.size() == workers && std::all_of(now.begin(), now.end(), [&replaced](pid_t worker) {
           return std::find(replaced.begin(), replaced.end(), worker) == replaced.end() && WaitsForRequests(worker);
         });
}

pid_t PidOf(const Service& service, const std::string& name) {
  return static_cast<pid_t>(
      std::strtol(ReadFile(service.data_folder() + "/run/" + name + ".pid").c_str(), nullptr, 10));
}

std::vector<pid_t> ChildrenOf(pid_t process) {
  const std::string text = std::to_string(process);
  std::istringstream list(ReadFile("/proc/" + text + "/task/" + text + "/children"));
  std::vector<pid_t> children;
  for (pid_t child = 0; list >> child;) children.push_back(child);
  return children;
}

bool StopInOrder(const Service& service) {
  const pid_t serve = PidOf(service, "serve");
  if (serve <= 0) return false;
  kill(serve, SIGTERM);
  return WaitFor(std::chrono::seconds(15), [&] { return ProcessesOf(service.folder()).empty(); });
}

}  // namespace page_count::e2e
