#include "worker/server/fcgi_sessions.h"

#include <sys/epoll.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

#include "worker/base/log.h"
#include "worker/server/deferred_answer.h"
#include "worker/system/malloc.h"

namespace page_count {
namespace {

using std::chrono::steady_clock;
using Sent = FcgiConnection::Sent;

// What a client may be told to come back for, rather than to wait: figures take milliseconds, and an export whose
// reader is slow holds some hundred KiB of memory.
constexpr size_t kMostFigures = 64;
constexpr size_t kMostExports = 64;
constexpr size_t kMostCleanups = 8;

// How long who asks for the health waits for a look at the storage, which takes less than a millisecond as a rule.
constexpr std::chrono::milliseconds kLookTakes(20);

}  // namespace

struct FcgiSessions::Session {
  explicit Session(int socket) : connection(socket) {}

  enum class State {
    kReading,    // waits for a request
    kElsewhere,  // another thread has it, to answer its request
    kAsking,     // waits for what is known of the health
    kStalled,    // waits for the reader of its answer
  };
  FcgiConnection connection;
  Request request;
  State state = State::kReading;
  bool is_ready = false;     // there was an event while it was not reading
  Sent sent = Sent::kAll;    // by the other thread
  bool has_stalled = false;  // in this answer
  std::optional<DeferredAnswer> deferred;
  Lane* lane = nullptr;
  std::optional<HealthQuestion> question;
  TimePoint stalled_since;
};

FcgiSessions::FcgiSessions(int epoll, const Parts& parts)
    : epoll_(epoll),
      parts_(parts),
      lanes_{Lane{parts.figures, kMostFigures}, Lane{parts.exports, kMostExports},
             Lane{parts.cleanups, kMostCleanups}} {}

FcgiSessions::~FcgiSessions() = default;

void FcgiSessions::Add(int socket) {
  auto session = std::make_unique<Session>(socket);
  Watch(EPOLL_CTL_ADD, *session, EPOLLIN | EPOLLET);  // a request that is being worked on is in the socket still
  void* key = session.get();
  sessions_.emplace(key, std::move(session));
}

void FcgiSessions::Handle(void* tag, uint32_t events) {
  Session& session = *static_cast<Session*>(tag);
  if (session.state == Session::State::kReading) {
    Serve(session);
  } else if (session.state == Session::State::kStalled) {
    if ((events & (EPOLLHUP | EPOLLERR)) != 0) {
      Close(session);  // the client is gone
    } else {
      Resume(session);
    }
  } else {
    session.is_ready = true;
  }
}

void FcgiSessions::Serve(Session& session) {
  session.is_ready = false;
  session.request = Request();
  const auto received = session.connection.Receive(session.request);
  if (received == FcgiConnection::Received::kNothing) return;  // the event was of the last one, in pieces
  if (received == FcgiConnection::Received::kEnd) {
    Close(session);
    return;
  }
  Answer answer = parts_.router.Handle(session.request);
  if (auto* recording = std::get_if<Recording>(&answer)) {
    Record(session, std::move(*recording));
  } else if (auto* deferred = std::get_if<Deferred>(&answer)) {
    Defer(session, std::move(*deferred));
  } else if (auto* question = std::get_if<HealthQuestion>(&answer)) {
    Ask(session, std::move(*question));
  } else {
    After(session, session.connection.Send(std::get<Response>(answer), session.request.method == "HEAD"));
  }
}

void FcgiSessions::Record(Session& session, Recording recording) {
  session.state = Session::State::kElsewhere;
  session.connection.Forget(session.request);
  parts_.group_commit.Add(std::move(recording.visits),
                          [this, &session, answer = std::move(recording.answer),
                           unavailable = std::move(recording.answer_unavailable)](const CommitResult& result) {
                            const Response response =
                                result.committed ? answer(result.visits, result.receipts) : unavailable(result.visits);
                            After(session, session.connection.Send(response, false));
                          });
}

void FcgiSessions::Defer(Session& session, Deferred deferred) {
  const bool without_body = session.request.method == "HEAD";
  Lane& lane = lanes_.at(static_cast<size_t>(deferred.kind));
  if (lane.under_way >= lane.most) {
    After(session, session.connection.Send(TooBusy(), without_body));
    return;
  }
  ++lane.under_way;
  session.lane = &lane;
  session.deferred.emplace(std::move(deferred), without_body, session.connection, parts_.storage_health);
  Continue(session);
}

void FcgiSessions::Continue(Session& session) {
  session.state = Session::State::kElsewhere;
  session.lane->threads.Add([this, &session](VisitStore& store) { Run(session, store); });
}

void FcgiSessions::Run(Session& session, VisitStore& store) {
  using enum DeferredAnswer::Progress;
  DeferredThreads& threads = session.lane->threads;
  auto progress = session.deferred->Continue(store);
  while (progress == kMore && !threads.HasWaiting()) progress = session.deferred->Continue(store);
  if (progress == kMore) {  // after those who wait
    threads.Add([this, &session](VisitStore& next_store) { Run(session, next_store); });
    return;
  }
  if (progress != kStalled) TrimMalloc();  // a large answer took some
  HandBack(session, progress == kStalled ? Sent::kPart : progress == kDone ? Sent::kAll : Sent::kOver);
}

void FcgiSessions::Ask(Session& session, HealthQuestion question) {
  if (parts_.health.Ask()) {
    const Response response = question.answer(parts_.health.IsHealthy());
    After(session, session.connection.Send(response, session.request.method == "HEAD"));
    return;
  }
  session.state = Session::State::kAsking;
  session.question = std::move(question);
  if (asking_.empty()) health_due_ = steady_clock::now() + kLookTakes;
  asking_.push_back(&session);
}

void FcgiSessions::AnswerHealth() {
  parts_.health.looked().Clear();
  const bool is_healthy = parts_.health.IsHealthy();
  for (Session* session : std::exchange(asking_, {})) {
    const Response response = std::exchange(session->question, std::nullopt)->answer(is_healthy);
    After(*session, session->connection.Send(response, session->request.method == "HEAD"));
  }
}

void FcgiSessions::After(Session& session, Sent sent) {
  if (sent == Sent::kOver) {
    Close(session);
  } else if (sent == Sent::kPart) {
    Stall(session);
  } else {
    EndAnswer(session);
    if (session.is_ready) Serve(session);
  }
}

void FcgiSessions::EndAnswer(Session& session) {
  session.state = Session::State::kReading;
  session.deferred.reset();
  if (session.lane != nullptr) --std::exchange(session.lane, nullptr)->under_way;
  if (std::exchange(session.has_stalled, false)) Watch(EPOLL_CTL_MOD, session, EPOLLIN | EPOLLET);
}

// Registered anew it gets an event also where the socket takes more by now.
void FcgiSessions::Stall(Session& session) {
  session.state = Session::State::kStalled;
  session.has_stalled = true;
  session.stalled_since = steady_clock::now();
  stalled_.insert(&session);
  Watch(EPOLL_CTL_MOD, session, EPOLLOUT | EPOLLONESHOT);
}

void FcgiSessions::Resume(Session& session) {
  stalled_.erase(&session);
  if (session.deferred) {
    Continue(session);
  } else {
    After(session, session.connection.Resume());
  }
}

void FcgiSessions::HandBack(Session& session, Sent sent) {
  session.sent = sent;
  const std::lock_guard lock(returned_mutex_);
  returned_.push_back(&session);
  returned_event_.Signal();  // in here: the loop may be gone once it has the session
}

void FcgiSessions::TakeBack() {
  std::vector<Session*> returned;
  {
    const std::lock_guard lock(returned_mutex_);
    returned.swap(returned_);
  }
  for (Session* session : returned) After(*session, session->sent);
}

std::optional<FcgiSessions::TimePoint> FcgiSessions::due() const {
  std::optional<TimePoint> due;
  if (!asking_.empty()) due = health_due_;
  for (const Session* session : stalled_) {
    const TimePoint cut_off = session->stalled_since + parts_.reader_timeout;
    if (!due || cut_off < *due) due = cut_off;
  }
  return due;
}

void FcgiSessions::DoDue() {
  if (asking_.empty() && stalled_.empty()) return;
  const TimePoint now = steady_clock::now();
  if (!asking_.empty() && now >= health_due_) AnswerHealth();
  CutOffStalled(now);
}

void FcgiSessions::CutOffStalled(TimePoint now) {
  std::vector<Session*> over;
  std::copy_if(stalled_.begin(), stalled_.end(), std::back_inserter(over),
               [&](const Session* session) { return now - session->stalled_since >= parts_.reader_timeout; });
  for (Session* session : over) {
    LogLine("an answer is cut off: its reader has taken nothing for " + std::to_string(parts_.reader_timeout.count()) +
            " s");
    Close(*session);
  }
}

size_t FcgiSessions::unfinished() const {
  const std::lock_guard lock(returned_mutex_);
  const auto elsewhere = std::count_if(sessions_.begin(), sessions_.end(), [](const auto& entry) {
    return entry.second->state == Session::State::kElsewhere;
  });
  return static_cast<size_t>(elsewhere) - returned_.size() + stalled_.size();
}

void FcgiSessions::Watch(int operation, Session& session, uint32_t events) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = &session;
  if (epoll_ctl(epoll_, operation, session.connection.socket(), &event) != 0) {
    throw std::system_error(errno, std::generic_category(), "epoll_ctl");
  }
}

void FcgiSessions::Close(Session& session) {
  if (session.lane != nullptr) --session.lane->under_way;
  stalled_.erase(&session);
  sessions_.erase(&session);
}

}  // namespace page_count
