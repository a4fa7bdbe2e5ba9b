#include "worker/commands/start_check.h"

#include <grp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>
#include <system_error>

#include "worker/commands/open_limiter.h"
#include "worker/commands/remedy.h"

namespace page_count {
namespace {

void RequireFolder(const std::string& folder) {
  if (access(folder.c_str(), W_OK | X_OK) == 0) return;
  const int error = errno;
  throw UnfitSettings("cannot write in the database's folder " + folder + ": " +
                      std::generic_category().message(error) + "; " + Remedy(error, folder, "database"));
}

void RequireDatabaseFiles(const std::string& database) {
  constexpr std::array<const char*, 5> kSuffixes = {"", "-wal", "-shm", ".lock", ".maintenance"};
  for (const char* suffix : kSuffixes) {
    const std::string path = database + suffix;
    if (access(path.c_str(), R_OK | W_OK) == 0 || errno == ENOENT) continue;
    const int error = errno;
    throw UnfitSettings("cannot write the database's file " + path + ": " + std::generic_category().message(error) +
                        "; " + Remedy(error, path, "database"));
  }
}

// Root stays root if the folder is root's, or is not there.
void BecomeOwnerOf(const std::string& folder) {
  struct stat status = {};
  if (geteuid() != 0 || stat(folder.c_str(), &status) != 0 || status.st_uid == 0) return;
  if (setgroups(0, nullptr) != 0 || setgid(status.st_gid) != 0 || setuid(status.st_uid) != 0) {
    throw std::system_error(errno, std::generic_category(), "cannot become the user that owns " + folder);
  }
}

}  // namespace

void CheckStart(const Settings& settings) {
  const std::string folder = FolderOf(settings.database);
  BecomeOwnerOf(folder);
  RequireFolder(folder);
  RequireDatabaseFiles(settings.database);
  CheckLimiter(settings);
}

}  // namespace page_count
