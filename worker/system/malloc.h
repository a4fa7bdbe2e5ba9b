// How a worker stays small: what it asks of the allocator, which is jemalloc or, under a sanitizer, the C library's.
#ifndef PAGE_COUNT_SYSTEM_MALLOC_H_
#define PAGE_COUNT_SYSTEM_MALLOC_H_

namespace page_count {

// Call before any thread is made.
void ConfigureMalloc();
// Gives what the calling thread has freed back to the system.
void TrimMalloc();

}  // namespace page_count

#endif  // PAGE_COUNT_SYSTEM_MALLOC_H_
