// Files for what a process puts aside: they have no name, so nothing is left of them however the process ends.
//
// Any thread.
#ifndef PAGE_COUNT_SYSTEM_UNNAMED_FILE_H_
#define PAGE_COUNT_SYSTEM_UNNAMED_FILE_H_

#include <string>

namespace page_count {

// Opens a new one in a folder, to be written and read; the caller closes it. Below 0 if it cannot: see errno. Where the
// file system has no such files it has a name that begins with `prefix` for a moment.
int OpenUnnamedFile(const std::string& folder, const std::string& prefix);

}  // namespace page_count

#endif  // PAGE_COUNT_SYSTEM_UNNAMED_FILE_H_
