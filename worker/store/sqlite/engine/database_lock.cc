#include "worker/store/sqlite/engine/database_lock.h"

#include "worker/store/sqlite/engine/as_store_errors.h"

namespace page_count {
DatabaseLock::DatabaseLock(const std::string& path) : lock_(AsStoreErrors([&path] { return FileLock(path); })) {}

DatabaseLock::DatabaseLock() : lock_(AsStoreErrors([] { return FileLock::Private(); })) {}

DatabaseLock DatabaseLock::Private() { return DatabaseLock(); }

FileLock::Guard DatabaseLock::Lock() const {
  return AsStoreErrors([this] { return lock_.Lock(); });
}

std::optional<FileLock::Guard> DatabaseLock::TryLock() const {
  return AsStoreErrors([this] { return lock_.TryLock(); });
}

void DatabaseLock::RequireInPlace(const std::string& path) const {
  if (!lock_.IsAt(path)) throw StoreError(path + ": was moved, deleted or replaced while it was opened");
}

}  // namespace page_count
