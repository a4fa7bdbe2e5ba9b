#include "worker/server/event_loop.h"

#include <poll.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <exception>
#include <system_error>

#include "worker/base/log.h"
#include "worker/system/checked.h"

namespace page_count {
namespace {

using std::chrono::nanoseconds;
using std::chrono::steady_clock;

constexpr int kEventsAtOnce = 48;  // few enough that a commit does not wait for many requests to be read

// epoll_wait knows milliseconds only, and epoll_pwait2 is not in every kernel yet.
void AwaitEvent(int epoll, nanoseconds at_most) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(at_most);
  const timespec timeout{seconds.count(), (at_most - seconds).count()};
  pollfd ready{epoll, POLLIN, 0};
  ppoll(&ready, 1, &timeout, nullptr);
}

// multiwatch 1.0.0 sends SIGQUIT if it was told to send SIGTERM, and SIGHUP or SIGINT for two others; its default is
// SIGUSR1. Whatever asks a worker to stop lets it finish what it is doing.
sigset_t StopSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGTERM, SIGINT, SIGQUIT, SIGHUP, SIGUSR1}) sigaddset(&signals, signal);
  return signals;
}

int SignalDescriptor() {
  const sigset_t signals = StopSignals();
  return Checked(signalfd(-1, &signals, SFD_NONBLOCK | SFD_CLOEXEC), "signalfd");
}

}  // namespace

void EventLoop::BlockSignals() {
  const sigset_t signals = StopSignals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

bool EventLoop::StoppedWithin(std::chrono::seconds time) {
  const sigset_t signals = StopSignals();
  const timespec timeout{time.count(), 0};
  return sigtimedwait(&signals, nullptr, &timeout) > 0;
}

EventLoop::EventLoop(std::chrono::seconds drain, const Parts& parts)
    : drain_(drain),
      parts_(parts),
      epoll_(Checked(epoll_create1(EPOLL_CLOEXEC), "epoll_create1")),
      signals_(SignalDescriptor()),
      sessions_(epoll_, parts.sessions) {
  Watch(signals_, kSignals);
  Watch(sessions_.parts_descriptor(), kParts);
  Watch(parts_.sessions.group_commit.done_descriptor(), kCommitted);
  Watch(parts_.sessions.health.looked().descriptor(), kLooked);
  Watch(parts_.acceptor.descriptor(), kAcceptor);
}

EventLoop::~EventLoop() {
  close(signals_);
  close(epoll_);
}

bool EventLoop::Run() {
  try {
    Serve();
  } catch (const std::exception& error) {
    LogLine(std::string("ends: ") + error.what());
    return false;
  } catch (...) {
    LogLine("ends: an exception of an unknown type");
    return false;
  }
  if (sessions_.unfinished() > 0) {
    LogLine("ends with " + std::to_string(sessions_.unfinished()) + " requests unfinished");
  }
  return true;
}

void EventLoop::Serve() {
  while (!drain_until_ || (sessions_.size() > 0 && steady_clock::now() < *drain_until_)) {
    Poll();
    sessions_.DoDue();
    parts_.sessions.group_commit.Flush(sessions_.size());
  }
}

void EventLoop::Poll() {
  std::array<epoll_event, kEventsAtOnce> events;
  const auto may_wait = MayWait();
  int count = epoll_wait(epoll_, events.data(), kEventsAtOnce, may_wait ? 0 : -1);
  if (count == 0 && may_wait) {  // under load there are some nearly always
    AwaitEvent(epoll_, *may_wait);
    count = epoll_wait(epoll_, events.data(), kEventsAtOnce, 0);
  }
  if (count < 0 && errno != EINTR) throw std::system_error(errno, std::generic_category(), "epoll_wait");
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = events[static_cast<size_t>(i)];
    switch (event.data.u64) {
      case kAcceptor:
        for (const int socket : parts_.acceptor.Accept()) sessions_.Add(socket);
        break;
      case kSignals:
        StartDraining();
        break;
      case kParts:
        sessions_.SendParts();
        break;
      case kCommitted:
        parts_.sessions.group_commit.Complete();
        break;
      case kLooked:
        sessions_.AnswerHealth();
        break;
      default:
        sessions_.Handle(event.data.u64, event.events);
    }
  }
}

void EventLoop::StartDraining() {
  signalfd_siginfo signal{};
  [[maybe_unused]] const ssize_t got = read(signals_, &signal, sizeof(signal));
  if (drain_until_) return;
  drain_until_ = steady_clock::now() + drain_;
  parts_.acceptor.Stop();
}

std::optional<nanoseconds> EventLoop::MayWait() const {
  auto may_wait = parts_.sessions.group_commit.DelayLeft();
  for (const auto& until : {sessions_.due(), drain_until_}) {
    if (!until) continue;
    const nanoseconds left = std::max(*until - steady_clock::now(), nanoseconds(0));
    may_wait = may_wait ? std::min(*may_wait, left) : left;
  }
  return may_wait;
}

void EventLoop::Watch(int descriptor, Source source) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = source;
  Checked(epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event), "epoll_ctl");
}

}  // namespace page_count
