#ifndef PAGE_COUNT_TESTS_E2E_SERVICE_H_
#define PAGE_COUNT_TESTS_E2E_SERVICE_H_

#include <sys/types.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace page_count::e2e {

// A port of 127.0.0.1 that nothing listens on, below those that the kernel gives to outgoing connections.
int FreePort();

struct ServiceOptions {
  int workers = 2;
  // Settings of the workers, by their PAGE_COUNT_ name.
  std::map<std::string, std::string> environment = {};
  // For what is about several workers: each has an accept lock of its own, so that all take connections.
  bool all_accept = false;
};

// The whole service as an operator starts it: nginx/serve on free ports with a data folder of its own, taken from
// $SOURCE_DIR and $BUILD_DIR. Ready once constructed; a start that fails throws std::runtime_error with what serve
// said. The destructor stops it (TERM, after 20 s KILL of whatever is left) and removes the folder.
class Service {
 public:
  explicit Service(const ServiceOptions& options);
  ~Service();
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  int http_port() const { return http_port_; }
  int https_port() const { return https_port_; }
  std::string data_folder() const { return folder_ + "/data"; }
  std::string database() const { return data_folder() + "/visits.db"; }
  // A place for a test's own files; goes with the service.
  const std::string& folder() const { return folder_; }
  std::string admin_password() const;

  // A build for a sanitizer has no /docs, /redoc and /openapi.json.
  static bool HasPages();

  std::vector<pid_t> WorkerPids() const;
  // All that serve and its children have printed.
  std::string Output() const;
  // Runs `page-count <arguments>` to its end (two minutes at most); a failure throws with what it printed.
  void RunProgram(const std::vector<std::string>& arguments) const;

 private:
  void WaitUntilReady();
  void GiveEachWorkerAnAcceptLock(size_t workers) const;
  void Stop();

  std::string folder_;
  int http_port_;
  int https_port_;
  pid_t serve_ = 0;
};

}  // namespace page_count::e2e

#endif  // PAGE_COUNT_TESTS_E2E_SERVICE_H_
