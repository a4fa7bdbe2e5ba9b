#include "worker/server/acceptor.h"

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "worker/base/log.h"
#include "worker/system/checked.h"

namespace page_count {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLeftToTheLeader(100);
constexpr milliseconds kPauseWithoutRoom(1000);
constexpr size_t kMostAtOnce = 64;  // fewer than a listening socket's backlog, so that several standbys share it

void Set(int epoll, int operation, int descriptor, uint32_t events) {
  epoll_event event{};
  event.events = events;
  event.data.fd = descriptor;
  Checked(epoll_ctl(epoll, operation, descriptor, &event), "epoll_ctl");
}

}  // namespace

Acceptor::Acceptor(int listening_socket, const std::string& lock_path)
    : listening_(listening_socket),
      epoll_(Checked(epoll_create1(EPOLL_CLOEXEC), "epoll_create1")),
      timer_(Checked(timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC), "timerfd_create")),
      lock_(lock_path) {
  const int flags = Checked(fcntl(listening_, F_GETFL), "fcntl");
  Checked(fcntl(listening_, F_SETFL, flags | O_NONBLOCK), "fcntl");
  Set(epoll_, EPOLL_CTL_ADD, timer_, EPOLLIN);
  Set(epoll_, EPOLL_CTL_ADD, listening_, EPOLLIN | EPOLLONESHOT);
}

Acceptor::~Acceptor() {
  close(timer_);
  close(epoll_);
}

std::vector<int> Acceptor::Accept() {
  std::vector<int> sockets;
  std::array<epoll_event, 2> events;
  const int count = epoll_wait(epoll_, events.data(), events.size(), 0);
  for (int i = 0; i < count && !stopped_; ++i) {
    if (events.at(static_cast<size_t>(i)).data.fd == listening_) {
      if (Lead()) {
        TakeOne(sockets);
      } else {
        WaitFor(kLeftToTheLeader);
      }
      continue;
    }
    WaitFor(milliseconds(0));
    WatchListeningSocket();
    const size_t most = Lead() ? 1 : kMostAtOnce;
    for (size_t before = 0; sockets.size() < most; before = sockets.size()) {
      TakeOne(sockets);
      if (sockets.size() == before) break;
    }
  }
  return sockets;
}

// Whether this worker is the leader, or has become it now.
bool Acceptor::Lead() {
  if (accept_lock_) return true;
  auto taken = lock_.TryLock();
  if (!taken) return false;
  accept_lock_.emplace(std::move(*taken));
  WatchListeningSocket();
  return true;
}

void Acceptor::TakeOne(std::vector<int>& sockets) {
  const int socket = accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC);
  if (socket >= 0) {
    sockets.push_back(socket);
  } else if (errno != EAGAIN && errno != EINTR && errno != ECONNABORTED) {
    LogLine("cannot accept a connection: " + std::generic_category().message(errno));
    accept_lock_.reset();  // another worker may have room
    Set(epoll_, EPOLL_CTL_MOD, listening_, 0);
    WaitFor(kPauseWithoutRoom);
  }
}

// The leader is told of each connection, a standby of the first one.
void Acceptor::WatchListeningSocket() {
  Set(epoll_, EPOLL_CTL_MOD, listening_, accept_lock_ ? EPOLLIN : EPOLLIN | EPOLLONESHOT);
}

// The timer makes the descriptor readable after that time; none does if it is 0.
void Acceptor::WaitFor(milliseconds time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  const itimerspec timeout{{}, {seconds.count(), std::chrono::nanoseconds(time - seconds).count()}};
  Checked(timerfd_settime(timer_, 0, &timeout, nullptr), "timerfd_settime");
}

void Acceptor::Stop() {
  stopped_ = true;
  accept_lock_.reset();
  Set(epoll_, EPOLL_CTL_MOD, listening_, 0);
  WaitFor(milliseconds(0));
}

}  // namespace page_count
