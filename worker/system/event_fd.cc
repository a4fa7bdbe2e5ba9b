#include "worker/system/event_fd.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cstdint>

#include "worker/system/checked.h"

namespace page_count {

EventFd::EventFd() : descriptor_(Checked(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC), "eventfd")) {}

EventFd::~EventFd() { close(descriptor_); }

void EventFd::Signal() const {
  const uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = write(descriptor_, &one, sizeof(one));
}

void EventFd::Clear() const {
  uint64_t count = 0;
  [[maybe_unused]] const ssize_t got = read(descriptor_, &count, sizeof(count));
}

}  // namespace page_count
