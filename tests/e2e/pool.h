#ifndef PAGE_COUNT_TESTS_E2E_POOL_H_
#define PAGE_COUNT_TESTS_E2E_POOL_H_

#include <sys/types.h>

#include <cstddef>
#include <string>
#include <vector>

#include "tests/e2e/service.h"

namespace page_count::e2e {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif

// Whether that many workers wait for requests, and none of them is one of `replaced`.
bool PoolIsWhole(const Service& service, size_t workers, const std::vector<pid_t>& replaced = {});

// The service's own processes, by their pid files in the run folder: "serve", "nginx" (the master).
pid_t PidOf(const Service& service, const std::string& name);
// The processes that it has started and that live.
std::vector<pid_t> ChildrenOf(pid_t process);

// Sends serve a SIGTERM, and says whether all has ended within 15 s. The data stay until the Service goes.
bool StopInOrder(const Service& service);

}  // namespace page_count::e2e

#endif  // PAGE_COUNT_TESTS_E2E_POOL_H_
