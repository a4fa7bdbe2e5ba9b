// What a process does about an exception that nobody catches, which is a bug: says in the log which one it was and in
// which thread, and aborts.
#ifndef PAGE_COUNT_BASE_UNCAUGHT_H_
#define PAGE_COUNT_BASE_UNCAUGHT_H_

namespace page_count {

// For all threads of the process; main calls it once.
void LogUncaughtExceptions();

}  // namespace page_count

#endif  // PAGE_COUNT_BASE_UNCAUGHT_H_
