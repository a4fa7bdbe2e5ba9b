// The worker's event loop: waits for whatever is ready and has it handled.
//
// One thread runs it and waits for no sync, no other writer, and no reader; what it does with connections is
// FcgiSessions'. It takes new connections only in its AcceptTurn. It ends some time after SIGTERM (or INT, QUIT, HUP,
// USR1): it stops accepting at once and serves the connections that nginx keeps until nginx has closed them, or until
// `drain` is over. BlockSignals comes first.
#ifndef PAGE_COUNT_SERVER_FCGI_LOOP_H_
#define PAGE_COUNT_SERVER_FCGI_LOOP_H_

#include <chrono>
#include <optional>
#include <string>

#include "worker/server/accept_turn.h"
#include "worker/server/fcgi_sessions.h"
#include "worker/system/cpu_affinity.h"

namespace page_count {

class FcgiLoop {
 public:
  struct Parts {
    FcgiSessions::Parts sessions;
    AcceptTurn& accept_turn;
    CpuAffinity& cpu_affinity;  // bound while this worker takes the connections
  };

  // Keeps the signals that ask it to stop for the loop to read, and makes a peer that is gone an error instead of a
  // signal. Call before any thread is made.
  static void BlockSignals();
  // Waits for such a signal, without a loop.
  static bool StoppedWithin(std::chrono::seconds time);

  // Borrows the listening socket, which several processes may share. Throws std::system_error.
  FcgiLoop(int listening_socket, std::chrono::seconds drain, const Parts& parts);
  ~FcgiLoop();

  void Run();
  // Requests that were not answered to their end when Run returned. Where there are any, the process must end without
  // destroying the loop.
  size_t unfinished() const { return sessions_.unfinished(); }

 private:
  // Handles the events that are there; waits for one if there is none, as long as it may.
  void Poll();
  void StartAccepting();
  void StopAccepting();
  void Accept();
  void PauseAccepting(const std::string& reason);
  void PassTurnOn();
  // Out of room for connections, it takes some again once there are fewer.
  void ResumeAccepting();
  void StartDraining();
  std::optional<std::chrono::nanoseconds> MayWait() const;
  void Watch(int descriptor, void* tag);

  int listening_;
  std::chrono::seconds drain_;
  Parts parts_;
  int epoll_;
  int signals_;
  FcgiSessions sessions_;
  std::optional<std::chrono::steady_clock::time_point> drain_until_;
  size_t paused_at_ = 0;  // so many connections there were when it stopped accepting for want of room
};

}  // namespace page_count

#endif  // PAGE_COUNT_SERVER_FCGI_LOOP_H_
