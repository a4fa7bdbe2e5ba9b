#ifndef PAGE_COUNT_TESTS_E2E_LOAD_H_
#define PAGE_COUNT_TESTS_E2E_LOAD_H_

#include <atomic>
#include <chrono>
#include <cstddef>
#include <string>
#include <thread>
#include <vector>

namespace page_count::e2e {

struct LoadOptions {
  int clients = 8;
  // Between a client's answer and its next request.
  std::chrono::milliseconds pause{0};
  // The pages' host: pages of two loads differ by it.
  std::string site = "load.example";
};

// What became of the requests. A request is one page, and is sent once.
struct LoadReport {
  std::vector<std::string> acknowledged;  // pages answered 200
  std::vector<std::string> failures;      // page and answer of every other request
  std::chrono::milliseconds slowest{0};

  size_t requests() const { return acknowledged.size() + failures.size(); }
  // The first few failures, for a test's message.
  std::string FailureText() const;
};

// Clients with an address and a kept connection each that record numbered pages through nginx, by POST /visit,
// GET / and /pixel.gif in turn, from construction to Stop. Stop may be called once.
class Load {
 public:
  Load(int port, const LoadOptions& options);
  ~Load();
  Load(const Load&) = delete;
  Load& operator=(const Load&) = delete;

  // So far.
  size_t acknowledged() const { return acknowledged_; }
  size_t requests() const { return requests_; }
  LoadReport Stop();

 private:
  void Run(int client);
  void Join();

  int port_;
  LoadOptions options_;
  std::atomic<bool> stopping_ = false;
  std::atomic<size_t> acknowledged_ = 0;
  std::atomic<size_t> requests_ = 0;
  std::vector<LoadReport> reports_;  // one a client
  std::vector<std::thread> threads_;
};

}  // namespace page_count::e2e

#endif  // PAGE_COUNT_TESTS_E2E_LOAD_H_
