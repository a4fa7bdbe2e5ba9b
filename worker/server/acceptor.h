// Takes new connections from the listening socket that all workers of a pool share: the leader takes them, the others
// are standbys.
//
// Few workers with many connections each record faster than many with few: more visits share a commit and its sync.
// The leader holds the accept lock, a lock on a file, until it stops or dies; the kernel releases the lock at its
// death. A standby leaves a new connection to the leader for 100 ms, and takes it if it still waits then: a leader that
// hangs or was stopped (SIGSTOP) delays new connections, and keeps none out. A standby becomes the leader with the
// first connection that arrives while the lock is free. Without connections nothing wakes up.
// Used by the event loop's thread. Borrows the listening socket. Constructor and Accept throw std::system_error.
#ifndef PAGE_COUNT_SERVER_ACCEPTOR_H_
#define PAGE_COUNT_SERVER_ACCEPTOR_H_

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "worker/system/file_lock.h"

namespace page_count {

class Acceptor {
 public:
  // The workers of one listening socket name the same file; it is made if it is missing.
  Acceptor(int listening_socket, const std::string& lock_path);
  ~Acceptor();
  Acceptor(const Acceptor&) = delete;
  Acceptor& operator=(const Acceptor&) = delete;

  // Readable if Accept has something to do.
  int descriptor() const { return epoll_; }
  // Returns the sockets of the connections that this worker is to serve, often none. Out of descriptors or memory it
  // logs that, releases the lock, and accepts nothing for a second.
  std::vector<int> Accept();
  bool is_leader() const { return accept_lock_.has_value(); }
  // Takes no further connection, and leaves the lock to another worker.
  void Stop();

 private:
  bool Lead();
  void TakeOne(std::vector<int>& sockets);
  void WatchListeningSocket();
  void WaitFor(std::chrono::milliseconds time);

  int listening_;
  int epoll_;
  int timer_;
  FileLock lock_;
  std::optional<FileLock::Guard> accept_lock_;
  bool stopped_ = false;
};

}  // namespace page_count

#endif  // PAGE_COUNT_SERVER_ACCEPTOR_H_
