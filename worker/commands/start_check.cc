#include "worker/commands/start_check.h"

#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <string>
#include <system_error>

#include "worker/limit/rate_table_file.h"

namespace page_count {
namespace {

std::string Reason(int error) { return std::generic_category().message(error); }

std::string FolderOf(const std::string& path) { return std::filesystem::path(path).parent_path().string(); }

std::string UserName(uid_t user) {
  const passwd* entry = getpwuid(user);
  return entry != nullptr ? entry->pw_name : std::to_string(user);
}

std::string OwnerOf(const std::string& path) {
  struct stat status = {};
  return stat(path.c_str(), &status) == 0 ? path + " belongs to " + UserName(status.st_uid) + "; " : std::string();
}

// What to change if `path` cannot be written: a folder, or a file in one.
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

void RequireFolder(const std::string& folder) {
  if (access(folder.c_str(), W_OK | X_OK) == 0) return;
  const int error = errno;
  throw UnfitSettings("cannot write in the database's folder " + folder + ": " + Reason(error) + "; " +
                      Remedy(error, folder, "database"));
}

void RequireDatabaseFiles(const std::string& database) {
  constexpr std::array<const char*, 5> kSuffixes = {"", "-wal", "-shm", ".lock", ".maintenance"};
  for (const char* suffix : kSuffixes) {
    const std::string path = database + suffix;
    if (access(path.c_str(), R_OK | W_OK) == 0 || errno == ENOENT) continue;
    const int error = errno;
    throw UnfitSettings("cannot write the database's file " + path + ": " + Reason(error) + "; " +
                        Remedy(error, path, "database"));
  }
}

bool WantsRoom(int error) {
  constexpr std::array<int, 4> kErrors = {ENOSPC, EDQUOT, EFBIG, ENOMEM};
  return std::find(kErrors.begin(), kErrors.end(), error) != kErrors.end();
}

uint32_t VisitsPerKey(const Settings& settings) { return std::max(settings.visit_limit, settings.bulk_limit); }

// Root stays root if the folder is root's, or is not there.
void BecomeOwnerOf(const std::string& folder) {
  struct stat status = {};
  if (geteuid() != 0 || stat(folder.c_str(), &status) != 0 || status.st_uid == 0) return;
  if (setgroups(0, nullptr) != 0 || setgid(status.st_gid) != 0 || setuid(status.st_uid) != 0) {
    throw std::system_error(errno, std::generic_category(), "cannot become the user that owns " + folder);
  }
}

// What is in the way of the rate table: the lock beside it, or the folder.
std::string RateTableObstacle(const Settings& settings) {
  const std::string lock = settings.rate_table + ".lock";
  const bool lock_is_another_users = access(lock.c_str(), R_OK | W_OK) != 0 && errno == EACCES;
  return lock_is_another_users ? lock : FolderOf(settings.rate_table);
}

// Says what to change if a use of the rate table's file fails.
template <typename Use>
auto UseRateTable(const Settings& settings, const Use& use) {
  try {
    return use();
  } catch (const std::system_error& error) {
    const std::string remedy = WantsRoom(error.code().value())
                                   ? "make room in " + FolderOf(settings.rate_table) + ", lower `rate-keys` (" +
                                         std::to_string(settings.rate_keys) +
                                         ") or the larger of `visit-limit` and `bulk-limit` (" +
                                         std::to_string(VisitsPerKey(settings)) + "), or change `rate-table`"
                                   : Remedy(error.code().value(), RateTableObstacle(settings), "rate-table");
    throw UnfitSettings(std::string("cannot make the rate table: ") + error.what() + "; " + remedy);
  }
}

}  // namespace

std::unique_ptr<SharedRateTable> OpenRateTable(const Settings& settings) {
  SharedRateTable::Options options;
  options.path = settings.rate_table;
  options.keys = settings.rate_keys;
  options.visits_per_key = VisitsPerKey(settings);
  options.window = std::chrono::seconds(settings.rate_window);
  return UseRateTable(settings, [&options] { return SharedRateTable::Open(options); });
}

void CheckStart(const Settings& settings) {
  const std::string folder = FolderOf(settings.database);
  BecomeOwnerOf(folder);
  RequireFolder(folder);
  RequireDatabaseFiles(settings.database);
  UseRateTable(settings, [&settings] {
    RateTableFile::RequireRoom(settings.rate_table, settings.rate_keys, VisitsPerKey(settings));
  });
}

}  // namespace page_count
