#include "worker/http/fcgi_loop.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>
#include <utility>

#include "worker/log.h"

namespace page_count {
namespace {

using std::chrono::nanoseconds;
using std::chrono::steady_clock;

constexpr int kEventsAtOnce = 48;  // few enough that a commit does not wait for many requests to be read

int Checked(int result, const char* doing) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), doing);
  return result;
}

// epoll_wait knows milliseconds only, and epoll_pwait2 is not in every kernel yet.
void AwaitEvent(int epoll, nanoseconds at_most) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(at_most);
  const timespec timeout{seconds.count(), (at_most - seconds).count()};
  pollfd ready{epoll, POLLIN, 0};
  ppoll(&ready, 1, &timeout, nullptr);
}

sigset_t StopSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  return signals;
}

int SignalDescriptor() {
  const sigset_t signals = StopSignals();
  return Checked(signalfd(-1, &signals, SFD_NONBLOCK | SFD_CLOEXEC), "signalfd");
}

}  // namespace

struct FcgiLoop::Peer {
  explicit Peer(int socket) : connection(socket) {}
  FcgiConnection connection;
  Request request;
  bool busy = false;   // another thread has it, to answer its request
  bool ready = false;  // there was an event meanwhile
  bool over = false;   // found so by the other thread
};

void FcgiLoop::BlockSignals() {
  const sigset_t signals = StopSignals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

FcgiLoop::FcgiLoop(int listening_socket, std::chrono::seconds drain, const Parts& parts)
    : listening_(listening_socket),
      drain_(drain),
      parts_(parts),
      epoll_(Checked(epoll_create1(EPOLL_CLOEXEC), "epoll_create1")),
      signals_(SignalDescriptor()) {
  const int flags = Checked(fcntl(listening_, F_GETFL), "fcntl");
  Checked(fcntl(listening_, F_SETFL, flags | O_NONBLOCK), "fcntl");
  Watch(signals_, EPOLLIN, &signals_);
  Watch(returned_event_.descriptor(), EPOLLIN, &returned_event_);
  Watch(parts_.recorder.answered_descriptor(), EPOLLIN, &parts_.recorder);
  Watch(parts_.accept_turn.descriptor(), EPOLLIN, &parts_.accept_turn);
  parts_.accept_turn.Await();
}

FcgiLoop::~FcgiLoop() {
  close(signals_);
  close(epoll_);
}

void FcgiLoop::Run() {
  while (!drain_until_ || (!peers_.empty() && steady_clock::now() < *drain_until_)) {
    Poll();
    parts_.recorder.Submit(peers_.size());
    if (!parts_.accept_turn.has()) continue;
    parts_.cpu_affinity.Adapt();
    if (parts_.accept_turn.IsBusy()) PassTurnOn();
  }
}

void FcgiLoop::Poll() {
  std::array<epoll_event, kEventsAtOnce> events;
  const auto may_wait = MayWait();
  int count = epoll_wait(epoll_, events.data(), kEventsAtOnce, may_wait ? 0 : -1);
  if (count == 0 && may_wait) {  // under load there are some nearly always
    AwaitEvent(epoll_, *may_wait);
    count = epoll_wait(epoll_, events.data(), kEventsAtOnce, 0);
  }
  if (count < 0 && errno != EINTR) throw std::system_error(errno, std::generic_category(), "epoll_wait");
  bool returned = false;
  for (int i = 0; i < count; ++i) {
    void* tag = events[static_cast<size_t>(i)].data.ptr;
    if (tag == &listening_) {
      if (parts_.accept_turn.has()) Accept();
    } else if (tag == &signals_) {
      StartDraining();
    } else if (tag == &returned_event_) {
      returned_event_.Clear();
      returned = true;
    } else if (tag == &parts_.recorder) {
      parts_.recorder.Finish();
      returned = true;
    } else if (tag == &parts_.accept_turn) {
      StartAccepting();
    } else {
      Serve(*static_cast<Peer*>(tag));
    }
  }
  if (returned) TakeBack();  // which closes connections that may have had events here
}

void FcgiLoop::StartAccepting() {
  parts_.accept_turn.Begin();
  if (drain_until_) {
    parts_.accept_turn.PassOn();
  } else {
    parts_.cpu_affinity.Bind();
    Watch(listening_, EPOLLIN, &listening_);
  }
}

void FcgiLoop::StopAccepting() {
  if (!parts_.accept_turn.has()) return;
  epoll_ctl(epoll_, EPOLL_CTL_DEL, listening_, nullptr);
  parts_.cpu_affinity.Unbind();
  parts_.accept_turn.PassOn();
}

// To whoever waits for it; where nobody does it comes back.
void FcgiLoop::PassTurnOn() {
  StopAccepting();
  parts_.accept_turn.Await();
}

void FcgiLoop::Accept() {
  const int socket = accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC);
  if (socket < 0) {
    if (errno != EAGAIN && errno != EINTR && errno != ECONNABORTED) {
      PauseAccepting(std::generic_category().message(errno));
    }
    return;
  }
  auto peer = std::make_unique<Peer>(socket);
  Watch(socket, EPOLLIN | EPOLLET, peer.get());  // a request that is being worked on is in the socket still
  Peer* key = peer.get();
  peers_.emplace(key, std::move(peer));
  if (parts_.accept_turn.spreads_always()) PassTurnOn();
}

// Out of descriptors or memory, the socket would stay ready and the loop would spin: a connection must end first.
// Another worker may have room meanwhile.
void FcgiLoop::PauseAccepting(const std::string& reason) {
  LogLine("cannot accept a connection: " + reason);
  if (peers_.empty()) {
    PassTurnOn();
    return;
  }
  StopAccepting();
  accepting_paused_ = true;
}

void FcgiLoop::Serve(Peer& peer) {
  peer.ready = peer.busy;
  if (peer.busy) return;
  peer.request = Request();
  const auto received = peer.connection.Receive(peer.request);
  if (received == FcgiConnection::Received::kNothing) return;  // the event was of the last one, in pieces
  if (received == FcgiConnection::Received::kEnd) {
    Close(peer);
    return;
  }
  Answer answer = parts_.router.Handle(peer.request);
  if (auto* recording = std::get_if<Recording>(&answer)) {
    peer.busy = true;
    peer.connection.Forget(peer.request);
    parts_.recorder.Add(std::move(*recording), [this, &peer](const Response& response) {
      HandBack(peer, !peer.connection.Send(response, false), Wake::kNo);  // the recorder does, for a batch
    });
  } else if (auto* deferred = std::get_if<Deferred>(&answer)) {
    Defer(peer, std::move(*deferred));
  } else if (!peer.connection.Send(std::get<Response>(answer), peer.request.method == "HEAD")) {
    Close(peer);
  }
}

void FcgiLoop::Defer(Peer& peer, Deferred deferred) {
  peer.busy = true;
  parts_.threads.Add([this, &peer, deferred = std::move(deferred)](VisitStore& store) {
    const bool without_body = peer.request.method == "HEAD";
    bool is_over = false;
    const bool answered =
        parts_.outage.Guard(deferred.use, [&] { is_over = !peer.connection.Send(deferred.run(store), without_body); });
    if (!answered) is_over = !peer.connection.Send(deferred.unavailable(), without_body);
    HandBack(peer, is_over, Wake::kYes);
  });
}

void FcgiLoop::HandBack(Peer& peer, bool is_over, Wake wake) {
  peer.over = is_over;
  const std::lock_guard lock(returned_mutex_);
  returned_.push_back(&peer);
  if (wake == Wake::kYes) returned_event_.Signal();  // in here: the loop may be gone once it has the peer
}

void FcgiLoop::TakeBack() {
  std::vector<Peer*> returned;
  {
    const std::lock_guard lock(returned_mutex_);
    returned.swap(returned_);
  }
  for (Peer* peer : returned) {
    peer->busy = false;
    if (peer->over) {
      Close(*peer);
    } else if (peer->ready) {
      Serve(*peer);
    }
  }
}

void FcgiLoop::StartDraining() {
  signalfd_siginfo signal{};
  [[maybe_unused]] const ssize_t got = read(signals_, &signal, sizeof(signal));
  if (drain_until_) return;
  drain_until_ = steady_clock::now() + drain_;
  StopAccepting();
}

std::optional<nanoseconds> FcgiLoop::MayWait() const {
  const auto gather = parts_.recorder.TimeLeftToGather();
  if (!drain_until_) return gather;
  const nanoseconds drain = std::max(*drain_until_ - steady_clock::now(), nanoseconds(0));
  return gather ? std::min(*gather, drain) : drain;
}

void FcgiLoop::Watch(int descriptor, uint32_t events, void* tag) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = tag;
  Checked(epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event), "epoll_ctl");
}

size_t FcgiLoop::unfinished() const {
  const std::lock_guard lock(returned_mutex_);
  const auto busy = std::count_if(peers_.begin(), peers_.end(), [](const auto& peer) { return peer.second->busy; });
  return static_cast<size_t>(busy) - returned_.size();
}

void FcgiLoop::Close(Peer& peer) {
  peers_.erase(&peer);
  if (!accepting_paused_ || drain_until_) return;
  accepting_paused_ = false;
  parts_.accept_turn.Await();
}

}  // namespace page_count
