#include "worker/store/sqlite/engine/database_lock.h"

#include <system_error>

#include "worker/store/visit_store.h"

namespace page_count {
namespace {

template <typename Use>
auto WithStoreErrors(Use use) {
  try {
    return use();
  } catch (const std::system_error& error) {
    throw StoreError(error.what());
  }
}

}  // namespace

DatabaseLock::DatabaseLock(const std::string& path) : lock_(WithStoreErrors([&path] { return FileLock(path); })) {}

DatabaseLock::DatabaseLock() : lock_(WithStoreErrors([] { return FileLock::Private(); })) {}

DatabaseLock DatabaseLock::Private() { return DatabaseLock(); }

FileLock::Guard DatabaseLock::Lock() const {
  return WithStoreErrors([this] { return lock_.Lock(); });
}

std::optional<FileLock::Guard> DatabaseLock::TryLock() const {
  return WithStoreErrors([this] { return lock_.TryLock(); });
}

void DatabaseLock::RequireInPlace(const std::string& path) const {
  if (!lock_.IsAt(path)) throw StoreError(path + ": was moved, deleted or replaced while it was opened");
}

}  // namespace page_count
