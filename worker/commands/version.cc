#include <cstdio>

#include "worker/commands/commands.h"

namespace page_count {

int RunVersion(int, char**) {
  std::puts("page-count " PAGE_COUNT_VERSION);
  return 0;
}

}  // namespace page_count
