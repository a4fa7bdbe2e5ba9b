#include "worker/system/folder_owner.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

namespace page_count {

void GiveToFolderOwner(const std::string& path) {
  if (geteuid() != 0) return;
  struct stat file = {};
  struct stat folder = {};
  const std::string folder_path = std::filesystem::path(path).parent_path().string();
  if (lstat(path.c_str(), &file) != 0 || stat(folder_path.c_str(), &folder) != 0) return;
  const bool is_roots_own = S_ISREG(file.st_mode) && file.st_uid == 0 && file.st_nlink == 1;
  if (!is_roots_own || folder.st_uid == 0) return;
  if (lchown(path.c_str(), folder.st_uid, folder.st_gid) != 0) {
    throw std::system_error(errno, std::generic_category(), "cannot give " + path + " to its folder's owner");
  }
}

}  // namespace page_count
