#ifndef PAGE_COUNT_TESTS_E2E_RERUN_H_
#define PAGE_COUNT_TESTS_E2E_RERUN_H_

#include <sys/types.h>

#include <string>
#include <vector>

#include "tests/e2e/service.h"

namespace page_count::e2e {

// A Service that was stopped is started once more on its data and its ports, from construction (which throws where
// it is not ready within 60 s) to destruction. The Service must outlive it.
class Rerun {
 public:
  explicit Rerun(const Service& service);
  ~Rerun();
  Rerun(const Rerun&) = delete;
  Rerun& operator=(const Rerun&) = delete;

 private:
  void Stop();

  pid_t serve_ = 0;
};

// Runs `page-count <arguments>`, which is to fail: what it printed. Throws where it did not fail within two minutes.
std::string OutputOfFailure(const Service& service, const std::vector<std::string>& arguments);

}  // namespace page_count::e2e

#endif  // PAGE_COUNT_TESTS_E2E_RERUN_H_
