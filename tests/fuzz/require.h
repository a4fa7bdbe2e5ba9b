// What a fuzz target says when a property does not hold.
#ifndef PAGE_COUNT_TESTS_FUZZ_REQUIRE_H_
#define PAGE_COUNT_TESTS_FUZZ_REQUIRE_H_

#include <cstdlib>

namespace page_count {

inline void Require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace page_count

#endif  // PAGE_COUNT_TESTS_FUZZ_REQUIRE_H_
