#include "worker/store/sqlite/tools/restore.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "worker/store/sqlite/engine/database_files.h"
#include "worker/store/sqlite/engine/database_lock.h"
#include "worker/store/sqlite/tools/copy_check.h"
#include "worker/store/visit_store.h"

namespace page_count {
namespace {

constexpr mode_t kMode = 0600;

void Require(bool done, const std::string& what) {
  if (!done) throw StoreError(what + ": " + std::strerror(errno));
}

void SyncFolder(const std::string& folder) {
  const int descriptor = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  Require(descriptor >= 0, "cannot open " + folder);
  const bool synced = fsync(descriptor) == 0;
  close(descriptor);
  Require(synced, "cannot sync " + folder);
}

// Whom the files of the database belong to: as the file that is there, or else as the folder does.
struct Owner {
  uid_t user = 0;
  gid_t group = 0;
  mode_t mode = kMode;
};

Owner OwnerOf(const std::string& database, const std::string& folder) {
  struct stat status{};
  if (stat(database.c_str(), &status) == 0) return {status.st_uid, status.st_gid, status.st_mode & 07777U};
  Require(stat(folder.c_str(), &status) == 0, "cannot look at " + folder);
  return {status.st_uid, status.st_gid, kMode};
}

void Give(const std::string& path, const Owner& owner) {
  struct stat status{};
  Require(stat(path.c_str(), &status) == 0, "cannot look at " + path);
  const bool is_theirs = status.st_uid == owner.user && status.st_gid == owner.group;
  Require(is_theirs || chown(path.c_str(), owner.user, owner.group) == 0, "cannot give " + path + " its owner");
}

std::string FreeName(const std::string& database) {
  std::string name = database + ".before-restore";
  const auto is_taken = [&name] {
    return access(name.c_str(), F_OK) == 0 || access((name + "-wal").c_str(), F_OK) == 0;
  };
  for (int number = 2; is_taken(); ++number) {
    name = database + ".before-restore-" + std::to_string(number);
  }
  return name;
}

// A second name for a file, if it is there.
void Link(const std::string& from, const std::string& to) {
  unlink(to.c_str());
  Require(link(from.c_str(), to.c_str()) == 0 || errno == ENOENT, "cannot keep " + from + " as " + to);
}

void Unlink(const std::string& path) {
  Require(unlink(path.c_str()) == 0 || errno == ENOENT, "cannot take " + path + " away");
}

}  // namespace

Restored RestoreDatabase(const std::string& backup, const std::string& database) {
  const DatabaseFiles files(database);
  const std::string folder = std::filesystem::path(database).parent_path();
  const Owner owner = OwnerOf(database, folder);
  std::error_code ignored;
  if (std::filesystem::equivalent(backup, database, ignored)) {
    throw StoreError(backup + ": is the database itself; name the backup to put in its place");
  }
  umask(0077);
  const DatabaseLock writer(files.write_lock());
  const DatabaseLock maintenance(files.maintenance_lock());  // which sessions have joined
  for (const auto* lock : {&files.write_lock(), &files.maintenance_lock()}) Give(*lock, owner);
  if (!maintenance.KeepOthersOut()) {
    throw StoreError("database " + database +
                     ": is in use; stop page-count (systemctl stop page-count.target) and its tools first");
  }
  const auto lock = writer.Lock();

  const std::string copy = database + ".restoring";
  for (const char* ending : {"", "-wal", "-shm", "-journal"}) Unlink(copy + ending);
  Restored restored;
  restored.visits = MakeCheckedCopy(backup, copy);
  Require(chmod(copy.c_str(), owner.mode) == 0, "cannot set the mode of " + copy);
  Give(copy, owner);

  if (access(database.c_str(), F_OK) == 0 || access(files.log().c_str(), F_OK) == 0) {
    restored.kept_as = FreeName(database);
    const DatabaseFiles kept(restored.kept_as);
    Link(files.file(), kept.file());
    Link(files.log(), kept.log());
    Link(files.index(), kept.index());
    SyncFolder(folder);
  }
  Require(std::rename(copy.c_str(), database.c_str()) == 0, "cannot put " + copy + " in the place of " + database);
  SyncFolder(folder);
  Unlink(files.log());
  Unlink(files.index());
  SyncFolder(folder);
  return restored;
}

}  // namespace page_count
