// The connections of a worker, and the request that each is at: read, handled, answered, one after the other.
//
// All of it belongs to the event loop's thread, which waits for no storage and no reader. Visits go to the GroupCommit,
// what may take long to a pool of threads of its kind, and the answer comes back as a value under the session's id:
// nobody else touches a connection, and the answer for one that has closed meanwhile is dropped. A connection is closed
// if its peer sends anything before it is answered (nginx does not), or is gone. A slow reader holds no thread: the
// next chunk is made once its socket has taken the last one; a reader that takes nothing for `reader_timeout` is cut
// off. Borrows its parts and the epoll descriptor, where connections are registered by their ids. Any exception but a
// StoreError, also of a pool's thread, leaves these functions; after that only the destructor may be called, which
// waits for the pools' threads: an export ends at its next chunk.
#ifndef PAGE_COUNT_SERVER_SESSIONS_H_
#define PAGE_COUNT_SERVER_SESSIONS_H_

#include <array>
#include <chrono>
#include <cstdint>
#include <exception>
#include <optional>
#include <set>
#include <unordered_map>
#include <vector>

#include "worker/base/mutex.h"
#include "worker/endpoints/endpoint_result.h"
#include "worker/http/router.h"
#include "worker/ingest/group_commit.h"
#include "worker/ingest/health_probe.h"
#include "worker/ingest/storage_health.h"
#include "worker/ingest/visit_recorder.h"
#include "worker/server/background_answer.h"
#include "worker/server/fcgi_connection.h"
#include "worker/server/thread_pool.h"
#include "worker/system/event_fd.h"

namespace page_count {

class Sessions {
 public:
  struct Parts {
    const Router<EndpointResult>& router;
    VisitRecorder& visit_recorder;
    GroupCommit& group_commit;
    StorageHealth& storage_health;
    HealthProbe& health;
    OpenStore open_store;
    int threads;  // for figures; exports have half as many, cleanups one
    std::chrono::seconds reader_timeout;
  };
  using SessionId = uint64_t;  // never given twice
  static constexpr SessionId kFirstId = 16;
  using TimePoint = std::chrono::steady_clock::time_point;

  Sessions(int epoll, const Parts& parts);
  ~Sessions();
  Sessions(const Sessions&) = delete;
  Sessions& operator=(const Sessions&) = delete;

  // Takes over an accepted socket. Throws std::system_error.
  void Add(int socket);
  // What epoll says of a connection, which may be gone already.
  void Handle(SessionId id, uint32_t events);
  // Readable once the pools' threads have made parts of answers: SendParts sends them.
  int parts_descriptor() const { return made_event_.descriptor(); }
  void SendParts();
  // Answers those who asked for the health: once a look at the storage has ended, or took too long.
  void AnswerHealth();
  // What is due by the time.
  std::optional<TimePoint> due() const;
  void DoDue();

  size_t size() const { return sessions_.size(); }
  // Requests that are not answered to their end.
  size_t unfinished() const;

 private:
  struct Session;
  // One kind of BackgroundJob.
  struct Lane {
    Lane(int threads, const OpenStore& open_store, size_t most_jobs) : most(most_jobs), pool(threads, open_store) {}

    size_t most;  // at once: they wait for a thread, have one, or wait for their reader
    size_t under_way = 0;
    ThreadPool pool;
  };
  // What a pool's thread hands to the loop.
  struct Made {
    SessionId session;
    Lane* lane;
    BackgroundAnswer::Part part;
    std::exception_ptr error;
  };

  Session* Find(SessionId id);
  void Serve(Session& session);
  void Record(Session& session, RecordVisits visits);
  void Start(Session& session, BackgroundJob job);
  void Ask(Session& session, HealthQuestion question);
  // Every answer leaves here; a streamed one with its first chunk.
  void Respond(Session& session, const Response& response, bool is_whole = true);
  void AfterSending(Session& session, FcgiConnection::Sent sent);
  void MakeNextPart(Session& session);
  void SendPart(Session& session, const BackgroundAnswer::Part& part);
  void WaitForReader(Session& session);
  void Finish(Session& session);
  void Close(Session& session);
  void CutOffStalled(TimePoint now);
  void WatchFor(uint32_t events, Session& session);
  Lane& LaneOf(BackgroundJob::Kind kind);

  int epoll_;
  Parts parts_;
  SessionId next_id_ = kFirstId;
  std::unordered_map<SessionId, Session> sessions_;
  std::set<SessionId> stalled_;
  std::vector<SessionId> asking_;
  TimePoint health_due_;  // if any ask

  // Shared with the pools' threads, which end before it does.
  EventFd made_event_;
  Mutex made_mutex_;
  std::vector<Made> made_ GUARDED_BY(made_mutex_);
  Lane figures_;
  Lane exports_;
  Lane cleanups_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_SERVER_SESSIONS_H_
