#include "worker/store/sqlite/writer_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "worker/store/visit_store.h"

namespace page_count {

WriterLock::WriterLock(const std::string& database_path, const char* name) {
  const std::string path = database_path + "." + name;
  descriptor_ = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0660);
  if (descriptor_ < 0) throw StoreError("cannot open " + path + ": " + std::strerror(errno));
}

WriterLock::~WriterLock() { close(descriptor_); }

WriterLock::Turn::Turn(const WriterLock& lock) : descriptor_(lock.descriptor_) {
  while (flock(descriptor_, LOCK_EX) != 0) {
    if (errno != EINTR) throw StoreError(std::string("cannot take the writer's lock: ") + std::strerror(errno));
  }
}

WriterLock::Turn::~Turn() { flock(descriptor_, LOCK_UN); }

}  // namespace page_count
