// A session's states, and what a client that is gone, or a worker that dies, leaves in each.
//
//   kReading     nothing is under way.
//   kCommitting  the visits belong to GroupCommit: they count although the client is gone; see group_commit.cc.
//   kWorking     a pool's thread has the answer; a closed session's is not begun, or is dropped as it comes back.
//   kAsking      waits for HealthProbe. kSending: waits for the reader; nothing of the storage is held.
//
// Threads know a session by its id, which is never given twice: what comes for one that has closed finds none.

#include "worker/server/sessions.h"

#include <sys/epoll.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "worker/base/log.h"
#include "worker/system/checked.h"
#include "worker/system/malloc.h"

namespace page_count {
namespace {

using std::chrono::steady_clock;
using Sent = FcgiConnection::Sent;

// Jobs of a kind at once; further ones get 503 with Retry-After. Figures take milliseconds, and an export whose reader
// is slow holds some hundred KiB of memory.
constexpr size_t kMostFigures = 64;
constexpr size_t kMostExports = 64;
constexpr size_t kMostCleanups = 8;

// How long who asks for the health waits for a look at the storage, which takes less than a millisecond as a rule.
constexpr std::chrono::milliseconds kLookTakes(20);

// For what a connection is watched.
constexpr uint32_t kForRequest = EPOLLIN | EPOLLRDHUP;
constexpr uint32_t kForReader = EPOLLOUT | EPOLLRDHUP;
constexpr uint32_t kGone = EPOLLHUP | EPOLLRDHUP | EPOLLERR;

}  // namespace

struct Sessions::Session {
  Session(SessionId its_id, int socket) : id(its_id), connection(socket) {}

  enum class State {
    kReading,     // waits for a request
    kCommitting,  // waits until its visits are durable
    kWorking,     // waits for a part of its answer, or for its first
    kAsking,      // waits for what is known of the health
    kSending,     // waits for the reader of its answer
  };
  const SessionId id;
  FcgiConnection connection;
  Request request;
  State state = State::kReading;
  bool is_head = false;                      // the request has that method
  uint32_t watched_for = 0;                  // by epoll
  std::shared_ptr<BackgroundAnswer> answer;  // has parts left; a pool's thread has it too while it makes one
  Lane* lane = nullptr;                      // of the BackgroundJob
  std::optional<HealthQuestion> question;
  TimePoint stalled_since;
};

Sessions::Sessions(int epoll, const Parts& parts)
    : epoll_(epoll),
      parts_(parts),
      figures_(parts.threads, parts.open_store, kMostFigures),
      exports_((parts.threads + 1) / 2, parts.open_store, kMostExports),
      cleanups_(1, parts.open_store, kMostCleanups) {}  // which would wait for each other anyway

Sessions::~Sessions() = default;

void Sessions::Add(int socket) {
  const SessionId id = next_id_++;
  Session& session = sessions_.try_emplace(id, id, socket).first->second;
  WatchFor(kForRequest, session);
}

Sessions::Session* Sessions::Find(SessionId id) {
  const auto found = sessions_.find(id);
  return found == sessions_.end() ? nullptr : &found->second;
}

void Sessions::Handle(SessionId id, uint32_t events) {
  Session* session = Find(id);
  if (session == nullptr) return;
  using enum Session::State;
  if (session->state == kReading && ((events & kGone) == 0 || session->connection.HasInput())) {
    Serve(*session);  // also what was sent by a client that is gone
  } else if (session->state == kSending && (events & kGone) == 0) {
    stalled_.erase(id);
    AfterSending(*session, session->connection.Resume());
  } else {
    Close(*session);  // the client is gone, or speaks before it is answered
  }
}

void Sessions::Serve(Session& session) {
  session.request = Request();
  if (!session.connection.Receive(session.request)) {
    Close(session);
    return;
  }
  session.is_head = session.request.method == "HEAD";
  EndpointResult result = parts_.router.Handle(session.request);
  if (auto* visits = std::get_if<RecordVisits>(&result)) {
    Record(session, std::move(*visits));
  } else if (auto* job = std::get_if<BackgroundJob>(&result)) {
    Start(session, std::move(*job));
  } else if (auto* question = std::get_if<HealthQuestion>(&result)) {
    Ask(session, std::move(*question));
  } else {
    Respond(session, std::get<Response>(result));
  }
}

void Sessions::Record(Session& session, RecordVisits visits) {
  session.state = Session::State::kCommitting;
  session.connection.Release(session.request);
  parts_.visit_recorder.Record(std::move(visits), [this, id = session.id](const Response& response) {
    if (Session* waiting = Find(id)) Respond(*waiting, response);
  });
}

void Sessions::Start(Session& session, BackgroundJob job) {
  Lane& lane = LaneOf(job.kind);
  if (lane.under_way >= lane.most) {
    Respond(session, TooBusy());
    return;
  }
  ++lane.under_way;
  session.lane = &lane;
  session.answer = std::make_shared<BackgroundAnswer>(std::move(job));
  MakeNextPart(session);
}

Sessions::Lane& Sessions::LaneOf(BackgroundJob::Kind kind) {
  if (kind == BackgroundJob::Kind::kExport) return exports_;
  return kind == BackgroundJob::Kind::kCleanup ? cleanups_ : figures_;
}

void Sessions::MakeNextPart(Session& session) {
  session.state = Session::State::kWorking;
  session.lane->pool.Add(
      [this, id = session.id, lane = session.lane, left = std::weak_ptr(session.answer)](VisitStore& store) {
        Made made{id, lane, {}, nullptr};
        try {
          // An answer whose session has closed is gone, and not worked on.
          if (const auto answer = left.lock()) made.part = answer->MakeNext(store, parts_.storage_health);
        } catch (...) {
          made.error = std::current_exception();
        }
        if (made.part.is_last) TrimMalloc();  // a large answer took some
        {
          const MutexLock lock(made_mutex_);
          made_.push_back(std::move(made));
        }
        made_event_.Signal();
      });
}

void Sessions::SendParts() {
  made_event_.Clear();
  std::vector<Made> made;
  {
    const MutexLock lock(made_mutex_);
    made.swap(made_);
  }
  for (const Made& each : made) {
    if (each.error) std::rethrow_exception(each.error);
    if (Session* session = Find(each.session)) {
      SendPart(*session, each.part);
    } else {
      --each.lane->under_way;
    }
  }
}

void Sessions::SendPart(Session& session, const BackgroundAnswer::Part& part) {
  session.state = Session::State::kSending;
  if (part.is_last) session.answer.reset();
  if (part.is_cut_off) {
    Close(session);
  } else if (part.response) {
    Respond(session, *part.response, part.is_last);
  } else {
    AfterSending(session, session.connection.SendNext(part.chunk, part.is_last));
  }
}

void Sessions::Ask(Session& session, HealthQuestion question) {
  if (parts_.health.Ask()) {
    Respond(session, question.answer(parts_.health.IsHealthy()));
    return;
  }
  session.state = Session::State::kAsking;
  session.question = std::move(question);
  if (asking_.empty()) health_due_ = steady_clock::now() + kLookTakes;
  asking_.push_back(session.id);
}

void Sessions::AnswerHealth() {
  parts_.health.looked().Clear();
  const bool is_healthy = parts_.health.IsHealthy();
  for (const SessionId id : std::exchange(asking_, {})) {
    if (Session* session = Find(id)) Respond(*session, session->question->answer(is_healthy));
  }
}

void Sessions::Respond(Session& session, const Response& response, bool is_whole) {
  if (session.is_head) session.answer.reset();  // nobody wants its other parts
  AfterSending(session, session.connection.Send(response, is_whole, session.is_head));
}

void Sessions::AfterSending(Session& session, Sent sent) {
  if (sent == Sent::kOver) {
    Close(session);
    return;
  }
  WatchFor(sent == Sent::kPart ? kForReader : kForRequest, session);
  if (sent == Sent::kPart) {
    WaitForReader(session);
  } else if (session.answer) {
    MakeNextPart(session);
  } else {
    Finish(session);
  }
}

void Sessions::WaitForReader(Session& session) {
  session.state = Session::State::kSending;
  session.stalled_since = steady_clock::now();
  stalled_.insert(session.id);
}

void Sessions::Finish(Session& session) {
  session.state = Session::State::kReading;
  if (session.lane != nullptr) --std::exchange(session.lane, nullptr)->under_way;
}

std::optional<Sessions::TimePoint> Sessions::due() const {
  std::optional<TimePoint> due;
  if (!asking_.empty()) due = health_due_;
  for (const SessionId id : stalled_) {
    const TimePoint cut_off = sessions_.at(id).stalled_since + parts_.reader_timeout;
    if (!due || cut_off < *due) due = cut_off;
  }
  return due;
}

void Sessions::DoDue() {
  if (asking_.empty() && stalled_.empty()) return;
  const TimePoint now = steady_clock::now();
  if (!asking_.empty() && now >= health_due_) AnswerHealth();
  CutOffStalled(now);
}

void Sessions::CutOffStalled(TimePoint now) {
  std::vector<SessionId> over;
  std::copy_if(stalled_.begin(), stalled_.end(), std::back_inserter(over),
               [&](SessionId id) { return now - sessions_.at(id).stalled_since >= parts_.reader_timeout; });
  for (const SessionId id : over) {
    LogLine("an answer is cut off: its reader has taken nothing for " + std::to_string(parts_.reader_timeout.count()) +
            " s");
    Close(sessions_.at(id));
  }
}

size_t Sessions::unfinished() const {
  return static_cast<size_t>(std::count_if(sessions_.begin(), sessions_.end(), [](const auto& entry) {
    return entry.second.state != Session::State::kReading;
  }));
}

void Sessions::WatchFor(uint32_t events, Session& session) {
  if (session.watched_for == events) return;
  epoll_event event{};
  event.events = events;
  event.data.u64 = session.id;
  const int operation = session.watched_for == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;
  Checked(epoll_ctl(epoll_, operation, session.connection.socket(), &event), "epoll_ctl");
  session.watched_for = events;
}

void Sessions::Close(Session& session) {
  // An answer that a thread is making still counts in its lane until it comes back.
  if (session.lane != nullptr && session.state != Session::State::kWorking) --session.lane->under_way;
  stalled_.erase(session.id);
  sessions_.erase(session.id);
}

}  // namespace page_count
