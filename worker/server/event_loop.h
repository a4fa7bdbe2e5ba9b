// The worker's event loop: waits for whatever is ready and has it handled.
//
// One thread runs it and waits for no sync, no other writer, and no reader; what it does with connections is
// Sessions', and which connections it takes is Acceptor's. It ends some time after SIGTERM (or INT, QUIT, HUP,
// USR1): it stops accepting at once and serves the connections that nginx keeps until nginx has closed them, or until
// `drain` is over. BlockSignals comes first.
#ifndef PAGE_COUNT_SERVER_EVENT_LOOP_H_
#define PAGE_COUNT_SERVER_EVENT_LOOP_H_

#include <chrono>
#include <cstdint>
#include <optional>

#include "worker/server/acceptor.h"
#include "worker/server/sessions.h"

namespace page_count {

class EventLoop {
 public:
  struct Parts {
    Sessions::Parts sessions;
    Acceptor& acceptor;
  };

  // Keeps the signals that ask it to stop for the loop to read, and makes a peer that is gone an error instead of a
  // signal. Call before any thread is made.
  static void BlockSignals();
  // Waits for such a signal, without a loop.
  static bool StoppedWithin(std::chrono::seconds time);

  // Throws std::system_error.
  EventLoop(std::chrono::seconds drain, const Parts& parts);
  ~EventLoop();

  // Serves until it is asked to stop. Returns false if an exception has ended it. The log says so, and how many
  // requests were left unfinished. Nothing but the destructor may be called then.
  [[nodiscard]] bool Run();

 private:
  // What a descriptor in the epoll set is of; connections have the ids of their sessions.
  enum Source : uint64_t { kAcceptor, kSignals, kParts, kCommitted, kLooked };

  void Serve();
  // Handles the events that are there; waits for one if there is none, as long as it may.
  void Poll();
  void StartDraining();
  std::optional<std::chrono::nanoseconds> MayWait() const;
  void Watch(int descriptor, Source source);

  std::chrono::seconds drain_;
  Parts parts_;
  int epoll_;
  int signals_;
  Sessions sessions_;
  std::optional<std::chrono::steady_clock::time_point> drain_until_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_SERVER_EVENT_LOOP_H_
