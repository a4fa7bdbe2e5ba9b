// The worker's event loop: reads every request that is ready and has it handled.
//
// One thread runs it and waits for no sync and no other writer: what is to be recorded goes to the Recorder, what may
// take long to a DeferredThreads; their threads answer, and hand the connection back. It takes new connections only
// in its AcceptTurn. It ends some time after SIGTERM: it stops accepting at once and serves the connections that nginx
// keeps until nginx has closed them, or until `drain` is over. BlockSignals comes first.
#ifndef PAGE_COUNT_HTTP_FCGI_LOOP_H_
#define PAGE_COUNT_HTTP_FCGI_LOOP_H_

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "worker/cpu_affinity.h"
#include "worker/event.h"
#include "worker/http/accept_turn.h"
#include "worker/http/answer.h"
#include "worker/http/deferred_threads.h"
#include "worker/http/fcgi_connection.h"
#include "worker/http/router.h"
#include "worker/store/outage.h"
#include "worker/visits/recorder.h"

namespace page_count {

class FcgiLoop {
 public:
  struct Parts {
    const Router& router;
    Recorder& recorder;
    DeferredThreads& threads;
    Outage& outage;
    AcceptTurn& accept_turn;
    CpuAffinity& cpu_affinity;  // bound while this worker takes the connections
  };

  // Keeps SIGTERM and SIGINT for the loop to read, and makes a peer that is gone an error instead of a signal. Call
  // before any thread is made.
  static void BlockSignals();

  // Borrows the listening socket, which several processes may share. Throws std::system_error.
  FcgiLoop(int listening_socket, std::chrono::seconds drain, const Parts& parts);
  ~FcgiLoop();

  void Run();
  // Requests that other threads still worked on when Run returned. Where there are any, the process must end without
  // destroying the loop.
  size_t unfinished() const;

 private:
  struct Peer;

  // Handles the events that are there; waits for one if there is none, as long as it may.
  void Poll();
  void StartAccepting();
  void StopAccepting();
  void Accept();
  void PauseAccepting(const std::string& reason);
  void PassTurnOn();
  void Serve(Peer& peer);
  void Defer(Peer& peer, Deferred deferred);
  // On the thread that answered its request, or found the connection over: hands it back to the loop.
  enum class Wake { kNo, kYes };
  void HandBack(Peer& peer, bool is_over, Wake wake);
  void TakeBack();
  void StartDraining();
  std::optional<std::chrono::nanoseconds> MayWait() const;
  void Watch(int descriptor, uint32_t events, void* tag);
  void Close(Peer& peer);

  int listening_;
  std::chrono::seconds drain_;
  Parts parts_;
  int epoll_;
  int signals_;
  Event returned_event_;  // connections of deferred requests are in returned_
  std::optional<std::chrono::steady_clock::time_point> drain_until_;
  bool accepting_paused_ = false;
  std::map<Peer*, std::unique_ptr<Peer>> peers_;
  mutable std::mutex returned_mutex_;
  std::vector<Peer*> returned_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_HTTP_FCGI_LOOP_H_
