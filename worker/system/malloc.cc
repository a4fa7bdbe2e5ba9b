#include "worker/system/malloc.h"

#ifdef PAGE_COUNT_JEMALLOC
#include <jemalloc/jemalloc.h>

#include <string>
// jemalloc's own name for its options: what is freed goes back to the system half a second later, not ten.
const char* malloc_conf = "dirty_decay_ms:500,muzzy_decay_ms:0";
#else
#include <malloc.h>
#endif

namespace page_count {

#ifdef PAGE_COUNT_JEMALLOC

void ConfigureMalloc() {}  // it does by itself

void TrimMalloc() {
  static const std::string purge_all_arenas = "arena." + std::to_string(MALLCTL_ARENAS_ALL) + ".purge";
  mallctl("thread.tcache.flush", nullptr, nullptr, nullptr, 0);
  mallctl(purge_all_arenas.c_str(), nullptr, nullptr, nullptr, 0);
}

#else

void ConfigureMalloc() {
  mallopt(M_ARENA_MAX, 2);
  mallopt(M_MMAP_THRESHOLD, 256 << 10);
  mallopt(M_TRIM_THRESHOLD, 1 << 20);
}

void TrimMalloc() { malloc_trim(0); }

#endif

}  // namespace page_count
