// Files that root makes in another user's folder: they become that user's, so that its processes can use them too.
//
// For `sudo page-count import` and the like before the workers' first start. SQLite does the same for its write-ahead
// log, after the database file. Does nothing if the process is not root's, or the file or the folder's owner leaves no
// doubt: it never takes a file away from anybody but root. Any thread.
#ifndef PAGE_COUNT_SYSTEM_FOLDER_OWNER_H_
#define PAGE_COUNT_SYSTEM_FOLDER_OWNER_H_

#include <string>

namespace page_count {

// Throws std::system_error if root may not do it.
void GiveToFolderOwner(const std::string& path);

}  // namespace page_count

#endif  // PAGE_COUNT_SYSTEM_FOLDER_OWNER_H_
