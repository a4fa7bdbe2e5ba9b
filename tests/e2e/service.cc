#include "tests/e2e/service.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <stdexcept>
#include <thread>

#include "tests/e2e/pool.h"
#include "tests/e2e/processes.h"
#include "tests/e2e/wait.h"

namespace page_count::e2e {
namespace {

using std::chrono::steady_clock;
using namespace std::chrono_literals;

std::string FromEnvironment(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr) throw std::runtime_error(std::string("set ") + name + ", or run the tests through ctest");
  return value;
}

bool IsFree(int port) {
  const int probe = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int yes = 1;
  setsockopt(probe, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const bool free = bind(probe, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  close(probe);
  return free;
}

std::string NewFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "page-count-e2e-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  return name;
}

}  // namespace

int FreePort() {
  static std::mt19937 random(std::random_device{}());
  for (;;) {
    const int port = std::uniform_int_distribution(12000, 32000)(random);
    if (IsFree(port)) return port;
  }
}

Service::Service(const ServiceOptions& options)
    : folder_(NewFolder()), http_port_(FreePort()), https_port_(FreePort()) {
  try {
    serve_ = Spawn({FromEnvironment("SOURCE_DIR") + "/nginx/serve", "--no-build", "--build-dir",
                    FromEnvironment("BUILD_DIR"), "--http", std::to_string(http_port_), "--https",
                    std::to_string(https_port_), "--data", data_folder(), "--workers", std::to_string(options.workers)},
                   options.environment, folder_ + "/output");
    WaitUntilReady();
    if (options.all_accept) GiveEachWorkerAnAcceptLock(static_cast<size_t>(options.workers));
  } catch (...) {
    Stop();
    throw;
  }
}

void Service::WaitUntilReady() {
  for (const auto end = steady_clock::now() + 60s; steady_clock::now() < end;) {
    if (("\n" + Output()).find("\nready http://") != std::string::npos) return;
    if (WaitForExit(serve_, 50ms)) {
      serve_ = 0;
      throw std::runtime_error("nginx/serve ended before it was ready:\n" + Output());
    }
  }
  throw std::runtime_error("nginx/serve is not ready after 60 s:\n" + Output());
}

// The lock's name leads to another file in each process. Workers that are started from then on open it.
void Service::GiveEachWorkerAnAcceptLock(size_t workers) const {
  const std::string lock = data_folder() + "/run/rate-table.accept-page-count.sock";
  if (!std::filesystem::remove(lock)) throw std::runtime_error("no accept lock at " + lock);
  std::filesystem::create_symlink("/proc/self/comm", lock);
  bool are_replaced = WaitFor(20s, [&] { return PoolIsWhole(*this, workers); });
  const auto before = WorkerPids();
  for (const pid_t worker : before) kill(worker, SIGKILL);
  are_replaced = are_replaced && WaitFor(20s, [&] { return PoolIsWhole(*this, workers, before); });
  if (!are_replaced) {
    throw std::runtime_error("the workers were not replaced:\n" + Output());
  }
}

Service::~Service() { Stop(); }

void Service::Stop() {
  if (serve_ > 0) {
    kill(serve_, SIGTERM);
    if (!WaitForExit(serve_, 20s)) {
      std::fprintf(stderr, "nginx/serve did not stop within 20 s:\n%s\n", Output().c_str());
      kill(serve_, SIGKILL);
      WaitForExit(serve_, 5s);
    }
  }
  for (const pid_t left : ProcessesOf(folder_)) {
    std::fprintf(stderr, "left behind by nginx/serve: process %d\n", left);
    kill(left, SIGKILL);
  }
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

std::string Service::admin_password() const {
  std::string text = ReadFile(data_folder() + "/admin-password");
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

bool Service::HasPages() { return std::filesystem::exists(FromEnvironment("BUILD_DIR") + "/www/openapi.json"); }

std::vector<pid_t> Service::WorkerPids() const { return ProcessesOf(folder_, "page-count"); }

std::string Service::Output() const { return ReadFile(folder_ + "/output"); }

void Service::RunProgram(const std::vector<std::string>& arguments) const {
  std::vector<std::string> command = {FromEnvironment("BUILD_DIR") + "/worker/page-count"};
  command.insert(command.end(), arguments.begin(), arguments.end());
  const std::string output = folder_ + "/program-output";
  const pid_t program = Spawn(command, {}, output);
  const auto status = WaitForExit(program, 120s);
  if (!status) kill(program, SIGKILL);
  if (!status || *status != 0) throw std::runtime_error("page-count " + arguments.front() + ":\n" + ReadFile(output));
}

}  // namespace page_count::e2e
