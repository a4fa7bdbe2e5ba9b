// What to tell whoever runs the service if a file or folder of it cannot be written.
#ifndef PAGE_COUNT_COMMANDS_REMEDY_H_
#define PAGE_COUNT_COMMANDS_REMEDY_H_

#include <string>

namespace page_count {

std::string FolderOf(const std::string& path);

// What to change after `error` (an errno) at `path`, a folder or a file in one. `setting` is what names another place.
std::string Remedy(int error, const std::string& path, const std::string& setting);

}  // namespace page_count

#endif  // PAGE_COUNT_COMMANDS_REMEDY_H_
