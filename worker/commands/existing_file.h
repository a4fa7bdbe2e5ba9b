// For tools that work on a database that is there: refuse, before anything is made or changed, what they cannot use.
//
// Throws std::runtime_error with what is there and what to do. Before this process opens the file.
#ifndef PAGE_COUNT_COMMANDS_EXISTING_FILE_H_
#define PAGE_COUNT_COMMANDS_EXISTING_FILE_H_

#include <string>

namespace page_count {

// There is a database of page-count's that has visits, or might have. What a reader should know of it all the same is
// said on standard error.
void RequireFile(const std::string& path);

// A file that is to be made, or used, is none of somebody else's. Throws ForeignFileError.
void RefuseForeignFile(const std::string& path);

}  // namespace page_count

#endif  // PAGE_COUNT_COMMANDS_EXISTING_FILE_H_
