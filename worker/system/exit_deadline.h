// Ends the process if it takes too long over ending by itself.
//
// A thread that hangs in a system call, on a disk that does not respond, cannot be joined: destructors would wait for
// it for ever. What the process does to its files by then must be safe to cut off anywhere.
#ifndef PAGE_COUNT_SYSTEM_EXIT_DEADLINE_H_
#define PAGE_COUNT_SYSTEM_EXIT_DEADLINE_H_

#include <chrono>

namespace page_count {

// Unless the process has ended after that time, it says so in the log and SIGALRM ends it.
void SetExitDeadline(std::chrono::seconds time);

}  // namespace page_count

#endif  // PAGE_COUNT_SYSTEM_EXIT_DEADLINE_H_
