// Which worker of a pool takes new connections: one at a time, as long as it copes.
//
// Few workers with many connections each record faster than many with few: a commit and its sync are shared by more
// visits, and nobody voids another's page cache. So a worker accepts only while it has the turn, and passes it on once
// it is busy. The turn is a lock on a file; where its holder dies, the next one has it at once. Used by the loop's
// thread; one of its own waits for the lock. Throws std::system_error where the file cannot be opened.
#ifndef PAGE_COUNT_SERVER_ACCEPT_TURN_H_
#define PAGE_COUNT_SERVER_ACCEPT_TURN_H_

#include <pthread.h>

#include <memory>
#include <string>
#include <vector>

#include "worker/system/processor_use.h"

namespace page_count {

class AcceptTurn {
 public:
  // `spread_at_percent`: so busy a worker, in per cent of a processor, passes the turn on; at 0 it does so with each
  // connection it takes. `threads` are those that keep it busy.
  AcceptTurn(const std::string& path, int spread_at_percent, const std::vector<pthread_t>& threads = {pthread_self()});
  // Gives the turn up, or its place among those who wait.
  ~AcceptTurn();
  AcceptTurn(const AcceptTurn&) = delete;
  AcceptTurn& operator=(const AcceptTurn&) = delete;

  // Queues up for the turn.
  void Await();
  // Readable once it has come: Begin takes it.
  int descriptor() const;
  void Begin();
  // Lets the next one have it.
  void PassOn();
  bool has() const { return has_; }

  bool spreads_always() const { return spread_at_percent_ == 0; }
  // Whether the threads together were so busy, over the last tenth of a second of its turn or more, that the turn
  // should be passed on. Call it often.
  bool IsBusy();

 private:
  struct Waiter;

  std::shared_ptr<Waiter> waiter_;  // the waiting thread has it too
  int spread_at_percent_;
  bool has_ = false;
  ProcessorUse use_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_SERVER_ACCEPT_TURN_H_
