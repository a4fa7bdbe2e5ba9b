#ifndef PAGE_COUNT_TESTS_E2E_WAIT_H_
#define PAGE_COUNT_TESTS_E2E_WAIT_H_

#include <chrono>
#include <thread>

namespace page_count::e2e {

// Asks again and again until it is so; false where it is not at the deadline.
template <typename Condition>
bool WaitFor(std::chrono::milliseconds deadline, Condition condition) {
  for (const auto end = std::chrono::steady_clock::now() + deadline; std::chrono::steady_clock::now() < end;) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return condition();
}

}  // namespace page_count::e2e

#endif  // PAGE_COUNT_TESTS_E2E_WAIT_H_
