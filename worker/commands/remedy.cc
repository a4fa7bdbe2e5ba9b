#include "worker/commands/remedy.h"

#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

namespace page_count {
namespace {

std::string UserName(uid_t user) {
  const passwd* entry = getpwuid(user);
  return entry != nullptr ? entry->pw_name : std::to_string(user);
}

std::string OwnerOf(const std::string& path) {
  struct stat status = {};
  return stat(path.c_str(), &status) == 0 ? path + " belongs to " + UserName(status.st_uid) + "; " : std::string();
}

}  // namespace

std::string FolderOf(const std::string& path) { return std::filesystem::path(path).parent_path().string(); }

std::string Remedy(int error, const std::string& path, const std::string& setting) {
  std::error_code ignored;
  const std::string user = UserName(geteuid());
  const bool is_folder = std::filesystem::is_directory(path, ignored);
  switch (error) {
    case EACCES:
    case EPERM:
      return OwnerOf(path) + "as root: chown " + user + ": " + path +
             (is_folder ? ", and let " + user + " enter those above it; the service sees none in /home, /root and /tmp"
                        : "");
    case EROFS:
      return "if the disk is writable, the service's sandbox is not yet told: systemctl edit "
             "page-count-workers@.service, and there, below [Service], ReadWritePaths=" +
             path;
    case ENOENT:
      return "make it: install -d -m 0700 -o " + user + " " + path + ", or change `" + setting + "`";
    default:
      return "change `" + setting + "`";
  }
}

}  // namespace page_count
