// The connections of a worker, and the request that each is at: read, handled, answered, one after the other.
//
// Of the event loop's thread, which waits for no storage and no reader: what is to be recorded goes to the GroupCommit,
// what may take long to threads of its kind, so many at a time and no more; the question for the health is answered by
// what is known within a moment. Threads that answer hand the connection back. An answer whose reader is slow holds no
// thread: it goes on when its socket takes more, and is cut off when the reader takes nothing for `reader_timeout`.
// Borrows the parts and the epoll descriptor, in which it registers its connections by their addresses.
#ifndef PAGE_COUNT_SERVER_FCGI_SESSIONS_H_
#define PAGE_COUNT_SERVER_FCGI_SESSIONS_H_

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <vector>

#include "worker/endpoints/answer.h"
#include "worker/http/router.h"
#include "worker/ingest/group_commit.h"
#include "worker/ingest/health_probe.h"
#include "worker/ingest/storage_health.h"
#include "worker/server/deferred_threads.h"
#include "worker/server/fcgi_connection.h"
#include "worker/system/event_fd.h"

namespace page_count {

class FcgiSessions {
 public:
  struct Parts {
    const Router<Answer>& router;
    GroupCommit& group_commit;
    DeferredThreads& figures;
    DeferredThreads& exports;
    DeferredThreads& cleanups;
    StorageHealth& storage_health;
    HealthProbe& health;
    std::chrono::seconds reader_timeout;
  };
  using TimePoint = std::chrono::steady_clock::time_point;

  FcgiSessions(int epoll, const Parts& parts);
  ~FcgiSessions();

  // Takes over an accepted socket. Throws std::system_error.
  void Add(int socket);
  // What epoll says of a connection.
  void Handle(void* session, uint32_t events);
  // Readable where connections that other threads had wait for TakeBack.
  const EventFd& returned() const { return returned_event_; }
  void TakeBack();
  // Answers those who asked for the health: once a look at the storage has ended, or took too long.
  void AnswerHealth();
  // What is due by the time.
  std::optional<TimePoint> due() const;
  void DoDue();

  size_t size() const { return sessions_.size(); }
  // Requests that were not answered to their end. Where other threads still work on one, the process must end without
  // destroying this.
  size_t unfinished() const;

 private:
  struct Session;
  // One kind of Deferred.
  struct Lane {
    DeferredThreads& threads;
    size_t most;  // at once: they wait for a thread, have one, or wait for their reader
    size_t under_way = 0;
  };

  void Serve(Session& session);
  void Record(Session& session, Recording recording);
  void Defer(Session& session, Deferred deferred);
  void Ask(Session& session, HealthQuestion question);
  // Has a thread go on with the answer.
  void Continue(Session& session);
  // On that thread.
  void Run(Session& session, VisitStore& store);
  // What is next after something was sent.
  void After(Session& session, FcgiConnection::Sent sent);
  void Stall(Session& session);
  void Resume(Session& session);
  // On the thread that had it: hands it back to the loop.
  void HandBack(Session& session, FcgiConnection::Sent sent);
  void CutOffStalled(TimePoint now);
  void Watch(int operation, Session& session, uint32_t events);
  void EndAnswer(Session& session);
  void Close(Session& session);

  int epoll_;
  Parts parts_;
  std::array<Lane, 3> lanes_;  // by Deferred::Kind
  EventFd returned_event_;
  std::map<void*, std::unique_ptr<Session>> sessions_;
  std::set<Session*> stalled_;
  std::vector<Session*> asking_;
  TimePoint health_due_;  // where any ask
  mutable std::mutex returned_mutex_;
  std::vector<Session*> returned_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_SERVER_FCGI_SESSIONS_H_
